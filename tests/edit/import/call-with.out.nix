{ lib, ... }:
{
  imports = with lib; [ ./larder/hosts/pai.nix ] ++ filter a b;
}
