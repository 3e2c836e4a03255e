{
  imports = [
    ./a.nix
    ./hardware.nix
    ./larder/hosts/pai.nix
    ./users.nix
  ];
}
