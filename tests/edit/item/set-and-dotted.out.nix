{
  nix = {
    gc.automatic = true;
  };
  nix.settings.cores = 1;
  nix.settings.substituters = [
    "ssh://nix-ssh@kalaw"
  ]; # larder
}
