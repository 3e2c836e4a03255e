{ lib, ... }:
{
  imports = lib.a ++ [ ./b.nix ./larder/hosts/pai.nix ];
}
