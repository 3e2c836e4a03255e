{
  imports = (import ./modules.nix);
}
