{ lib, ... }:
{
  imports = lib.flatten [
    ./hardware.nix
    ./rack.nix
  ];
}
