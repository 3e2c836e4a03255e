{ lib, ... }:
{
  imports = [
    ./larder/hosts/pai.nix
  ]
  ++ lib.flatten [
    ./hardware.nix
    ./rack.nix
  ];
}
