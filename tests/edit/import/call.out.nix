{ lib, ... }:
{
  imports = [ ./larder/hosts/pai.nix ] ++ map (name: ./. + name) [
    "/a.nix"
  ];
}
