{
  nix.settings.cores = 1;
  nix.settings.fallback = true;
}
