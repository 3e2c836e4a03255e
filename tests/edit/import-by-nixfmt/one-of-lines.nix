{
  imports = [
    ./hardware.nix
  ];
}
