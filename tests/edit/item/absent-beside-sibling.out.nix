{
  a = 1;
  nix.settings.cores = 1;
  nix.settings.substituters = [
    "ssh://nix-ssh@kalaw"
  ]; # larder
  nix.gc.automatic = true;
  z = 1;
}
