{ lib, ... }:
{
  imports = [
    ./larder/hosts/pai.nix
  ]; # larder
  options.a = lib.b;
  config = {
    c = 1;
  };
}
