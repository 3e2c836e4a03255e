{ lib, ... }:
{
  options.a = lib.b;
}
