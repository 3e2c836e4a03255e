{ lib, ... }:
{
  imports = lib.a ++ [ ./larder/hosts/pai.nix ];
}
