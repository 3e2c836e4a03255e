{ lib, ... }:
{
  nix.settings.substituters = lib.mkForce [ "a" ];
}
