{ lib, ... }:
{
  nix.settings.substituters = lib.mkBefore [ "a" ];
}
