{
  nix.settings.cores = 1; # all
  nix.settings.fallback = true;
  nix.gc.automatic = true;
}
