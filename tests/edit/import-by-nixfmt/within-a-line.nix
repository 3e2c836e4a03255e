{ imports = [ ./hardware.nix ]; }
