{ lib, ... }:
{
  a = 1;
}
// lib.optionalAttrs lib.b {
  imports = [ ./c.nix ];
}
