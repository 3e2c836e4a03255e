{ lib, ... }:
{
  inherit (lib.a) imports;
}
