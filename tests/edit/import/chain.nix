{ lib, ... }:
{
  imports = [
    ./a.nix
  ] ++ lib.optionals true [
    ./b.nix
  ];
}
