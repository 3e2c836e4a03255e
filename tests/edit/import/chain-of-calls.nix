{ lib, ... }:
{
  imports = lib.a ++ lib.b;
}
