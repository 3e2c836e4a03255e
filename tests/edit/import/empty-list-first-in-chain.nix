{ lib, ... }:
{
  imports = [ ] ++ lib.a;
}
