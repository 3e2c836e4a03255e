{ imports = [ /* nothing yet */ ./larder/hosts/pai.nix ]; }
