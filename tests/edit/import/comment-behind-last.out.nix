{
  imports = [
    ./z.nix # the last
    ./larder/hosts/pai.nix
  ];
}
