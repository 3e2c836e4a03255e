{
  imports = [
    ./a.nix
    ./b.nix

    ./z.nix
  ];
}
