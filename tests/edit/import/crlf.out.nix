{
  imports = [
    ./a.nix # why
    ./larder/hosts/pai.nix
  ];
}
