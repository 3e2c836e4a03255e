{ lib, ... }:
{
  options.a = lib.b;
  config.nix.settings.substituters = [
    "ssh://nix-ssh@kalaw"
  ]; # larder
}
