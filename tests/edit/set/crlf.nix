{
  nix.settings.cores = 1;
}
