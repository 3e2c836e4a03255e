{ lib, ... }:
{
  imports = lib.optionals true [ ./larder/hosts/pai.nix ];
}
