{
  imports = [
    ./a.nix
    ./larder/hosts/pai.nix
  ];
}