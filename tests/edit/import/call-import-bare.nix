{
  imports = import ./modules.nix;
}
