{
  nix.settings = { };
}
