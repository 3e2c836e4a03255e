{
  config,
  inputs,
  lib,
  ...
}:
{
  options.machines = lib.mkOption {
    type = lib.types.lazyAttrsOf (
      lib.types.submodule {
        options.modules = lib.mkOption { type = lib.types.listOf lib.types.deferredModule; };
      }
    );
  };
  config.flake.nixosConfigurations = lib.mapAttrs (
    _: machine: inputs.nixpkgs.lib.nixosSystem { inherit (machine) modules; }
  ) config.machines;
}
