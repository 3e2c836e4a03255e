{
  imports = [
    ./a.nix
  ];
}