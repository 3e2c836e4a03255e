{ lib, ... }:
{
  imports = [
    ./larder/hosts/pai.nix
  ]; # larder
  a = 1;
}
// (if lib.b then { c = 1; } else { })
