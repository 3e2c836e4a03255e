{ lib, ... }:
{
  imports = if lib.a then [ ./a.nix ] else [ ];
}
