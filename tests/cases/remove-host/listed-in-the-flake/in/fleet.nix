{ inputs, lib, config, ... }:
{
  options.fleet = lib.mkOption {
    type = lib.types.attrsOf lib.types.deferredModule;
    default = { };
  };
  config.flake.nixosConfigurations = lib.mapAttrs (
    name: module: inputs.nixpkgs.lib.nixosSystem { modules = [ ./common.nix module ]; }
  ) config.fleet;
}
