# https://github.com/nix-community/lib-aggregate
{ lib, native }:
{
  lib = lib // {
    flake-utils = native.unknown "the flake-utils of lib-aggregate";
  };
}
