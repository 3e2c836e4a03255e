{ imports = [ ./hardware.nix ./larder/hosts/pai.nix ]; }
