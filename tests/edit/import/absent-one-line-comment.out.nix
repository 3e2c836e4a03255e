{ imports = [ ./larder/hosts/pai.nix ]; /* larder */ /* why */ a = 1; }
