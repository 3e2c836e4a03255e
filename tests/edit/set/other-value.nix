{ nix.settings.fallback = false; }
