{
  nix.settings = { fallback = true; };
}
