{ lib, ... }:
{
  imports = [
    ./larder/hosts/pai.nix
  ]; # larder
  inherit lib;
}
