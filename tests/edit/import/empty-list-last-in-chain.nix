{ lib, ... }:
{
  imports = lib.a ++ [ ];
}
