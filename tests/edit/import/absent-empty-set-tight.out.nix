{imports = [ ./larder/hosts/pai.nix ]; /* larder */}
