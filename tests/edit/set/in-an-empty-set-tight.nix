{ nix.settings = {}; }
