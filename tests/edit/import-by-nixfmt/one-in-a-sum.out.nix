{ lib, ... }:
{
  imports = [
    ./hardware.nix
    ./larder/hosts/pai.nix # larder
  ]
  ++ lib.optional true ./rack.nix;
}
