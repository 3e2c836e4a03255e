{
  nix.settings.cores = 1; # all
  nix.gc.automatic = true;
}
