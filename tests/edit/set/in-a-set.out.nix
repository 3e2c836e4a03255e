{
  nix.settings = {
    cores = 1;
    fallback = true;
  };
}
