{
  "imports" = [
    ./a.nix
  ];
}
