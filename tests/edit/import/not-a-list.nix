{
  imports = ./a.nix;
}
