{ nix.settings = { cores = 1; substituters = [ "ssh://nix-ssh@kalaw" ]; /* larder */ }; }
