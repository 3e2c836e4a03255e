{ lib, ... }:
{
  imports = lib.mkIf true [ ./a.nix ];
}
