{
  config,
  lib,
  inputs,
  ...
}:
{
  options.machines = lib.mkOption { type = lib.types.lazyAttrsOf lib.types.raw; };
  config.flake.nixosConfigurations = lib.mapAttrs (
    _: machine: inputs.builder.lib.build machine
  ) config.machines;
}
