{ pkgs, ... }:
{
  imports = [
    ./larder/hosts/pai.nix
  ]; # larder
  # the name
  networking.hostName = "pai";
}
