{ nix.settings.require-sigs = false; }
