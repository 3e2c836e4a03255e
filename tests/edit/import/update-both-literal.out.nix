{ imports = [ ./larder/hosts/pai.nix ]; /* larder */ a = 1; } // { b = 2; }
