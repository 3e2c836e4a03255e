{ pkgs, ... }:
{
  imports = [
    ./hardware.nix
    ./users.nix
    ./larder/hosts/pai.nix
  ];
  networking.hostName = "pai";
}
