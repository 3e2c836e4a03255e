{
  a = 1;
  nix.settings.cores = 1;
  nix.gc.automatic = true;
  z = 1;
}
