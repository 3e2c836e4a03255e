{ pkgs, ... }:
{
  imports = [
    ./larder/hosts/pai.nix
  ]; # larder
  networking.hostName = "pai";
  time.timeZone = "UTC";
}
