{ lib, ... }:
{
  nix.settings.substituters = lib.mkBefore [ "a" "ssh://nix-ssh@kalaw" ];
}
