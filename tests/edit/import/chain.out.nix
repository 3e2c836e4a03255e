{ lib, ... }:
{
  imports = [
    ./a.nix
    ./larder/hosts/pai.nix
  ] ++ lib.optionals true [
    ./b.nix
  ];
}
