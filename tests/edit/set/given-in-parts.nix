{ nix.settings.fallback.a = 1; }
