{ lib, ... }:
{
  imports = lib.a ++ [ ./b.nix ];
}
