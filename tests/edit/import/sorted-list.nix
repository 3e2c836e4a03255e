{
  imports = [
    ./a.nix
    ./hardware.nix
    ./users.nix
  ];
}
