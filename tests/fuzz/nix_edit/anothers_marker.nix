{imports = [ .Ylarder/hosts/pai.nix ]; /* larder */ a = 1;}
