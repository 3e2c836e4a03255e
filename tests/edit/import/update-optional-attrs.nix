{ lib, ... }:
{
  imports = [ ./a.nix ];
}
// lib.optionalAttrs lib.b {
  c = 1;
}
