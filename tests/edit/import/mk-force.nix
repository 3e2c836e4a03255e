{ lib, ... }:
{
  imports = lib.mkForce [ ./a.nix ];
}
