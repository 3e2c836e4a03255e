{ lib, ... }:
{
  nix = lib.mkIf true { };
}
