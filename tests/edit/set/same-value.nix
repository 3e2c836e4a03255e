{ nix.settings.fallback = (true); }
