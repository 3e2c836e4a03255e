{ lib, ... }:
{
  imports = [ ./a.nix ./larder/hosts/pai.nix ];
}
// lib.optionalAttrs lib.b {
  c = 1;
}
