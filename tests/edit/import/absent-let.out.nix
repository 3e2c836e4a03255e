{ lib, ... }:
let
  imports = [ ./not-this.nix ];
in
{
  imports = [
    ./larder/hosts/pai.nix
  ]; # larder
  a = imports;
}
