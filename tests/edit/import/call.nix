{ lib, ... }:
{
  imports = map (name: ./. + name) [
    "/a.nix"
  ];
}
