{
  imports = [
    ./a.nix # why
  ];
}
