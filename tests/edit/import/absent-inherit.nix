{ lib, ... }:
{
  inherit lib;
}
