{
  imports = [
    ./larder/hosts/pai.nix
    ./m.nix
    ./n.nix
    ./o.nix
  ];
}
