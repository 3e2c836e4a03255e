{ lib, ... }:
{
  imports = ([ ./larder/hosts/pai.nix ] ++ (if lib.a then [ ./a.nix ] else [ ]));
}
