{ lib, ... }:
{
  options.a = lib.b;
  config.nix.settings.cores = 1;
  config.nix.settings.substituters = [
    "ssh://nix-ssh@kalaw"
  ]; # larder
}
