{ lib, ... }:
let
  imports = [ ./not-this.nix ];
in
{
  a = imports;
}
