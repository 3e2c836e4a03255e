{ lib, ... }:
{
  imports = with lib; filter a b;
}
