{ lib, ... }:
{
  options.a = lib.b;
  config = {
    c = 1;
  };
}
