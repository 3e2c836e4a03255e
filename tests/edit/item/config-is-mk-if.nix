{ lib, ... }:
{
  options.a = lib.b;
  config = lib.mkIf lib.c { };
}
