{
  imports = [
    ./m.nix
    ./n.nix
    ./o.nix
  ];
}
