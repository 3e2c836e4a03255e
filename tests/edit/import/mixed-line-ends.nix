{
  imports = [
    ./a.nix
  ];
}
