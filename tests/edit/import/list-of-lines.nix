{ pkgs, ... }:
{
  imports = [
    ./hardware.nix
    ./users.nix
  ];
  networking.hostName = "pai";
}
