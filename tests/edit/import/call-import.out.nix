{
  imports = ([ ./larder/hosts/pai.nix ] ++ import ./modules.nix);
}
