{ lib, ... }:
{
  a = 1;
}
// (if lib.b then { c = 1; } else { })
