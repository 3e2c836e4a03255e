{
  imports = [
    ./z.nix # the last
  ];
}
