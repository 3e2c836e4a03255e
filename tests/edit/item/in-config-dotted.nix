{ lib, ... }:
{
  options.a = lib.b;
  config.nix.settings.cores = 1;
}
