{
  imports = [
    ./a.nix
    ./b.nix

    ./z.nix
    ./larder/hosts/pai.nix
  ];
}
