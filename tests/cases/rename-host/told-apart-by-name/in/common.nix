{ lib, ... }:
{
  networking.domain = lib.mkDefault "fritz.box";
}
