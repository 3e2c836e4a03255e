{ a = 1; nix.settings.fallback = true; }
