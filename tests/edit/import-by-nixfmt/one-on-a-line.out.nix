{ config, ... }:
{
  imports = [
    ./hardware.nix
    ./larder/hosts/pai.nix # larder
  ];
  networking.hostName = "pai";
}
