{ lib, ... }:
{
  imports = [ ./larder/hosts/pai.nix ] ++ lib.a ++ lib.b;
}
