{ imports = [ ./larder/hosts/pai.nix ]; /* larder */ networking.hostName = "pai"; }
