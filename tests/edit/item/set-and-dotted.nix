{
  nix = {
    gc.automatic = true;
  };
  nix.settings.cores = 1;
}
