{ nix.settings = {fallback = true;}; }
