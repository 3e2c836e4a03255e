# https://git.clan.lol/clan/clan-core
# machines/<name>/configuration.nix, for each folder of machines/ and each machine
# of the inventory
{ lib, native }:
let
  inherit (lib) mkOption types;

  options =
    { config, self, ... }:
    {
      config.nixosConfigurations = configurations config;
      options = {
        nixosConfigurations = mkOption {
          default = { };
          type = types.lazyAttrsOf types.raw;
        };
        directory = mkOption { default = self; };
        inventory = mkOption {
          default = { };
          type = types.submodule {
            options.machines = mkOption {
              default = { };
              type = types.attrsOf (types.submodule { options.machineClass = mkOption { default = "nixos"; }; });
            };
          };
        };
        machines = mkOption {
          default = { };
          type = types.attrsOf types.deferredModule;
        };
        specialArgs = mkOption {
          default = { };
          type = types.attrsOf types.raw;
        };
      };
    };

  configurations =
    config:
    let
      dir = config.directory + "/machines";
      folders = if builtins.pathExists dir then lib.filterAttrs (_: type: type == "directory") (builtins.readDir dir) else { };
      inherit (config.inventory) machines;
      file = name: dir + "/${name}/configuration.nix";
    in
    lib.mapAttrs (
      name: _:
      native.system "clan" {
        inherit (config) specialArgs;
        modules = lib.optional (builtins.pathExists (file name)) (file name) ++ lib.optional (config.machines ? ${name}) config.machines.${name};
      }
    ) (lib.filterAttrs (name: _: (machines.${name}.machineClass or "nixos") == "nixos") (folders // machines // config.machines));

  # Older flakes take the outputs from the result, newer ones from its `config`.
  clan =
    args:
    let
      evaluated = lib.evalModules {
        modules = [
          options
          (if lib.isAttrs args then removeAttrs args [ "self" "pkgsForSystem" ] else args)
        ];
        specialArgs.self = args.self or null;
      };
      config = native.unknown "an output of clan" // evaluated.config;
    in
    config // { inherit config; };

  flakeModule =
    {
      config,
      lib,
      self,
      ...
    }:
    {
      options.flake.clan = mkOption {
        default = { };
        type = types.submoduleWith {
          modules = [ options ];
          specialArgs = { inherit self; };
        };
        apply = config: native.unknown "an output of clan" // config;
      };
      # An alias: what is set here is set there.
      options.clan = mkOption {
        default = { };
        type = types.deferredModule;
      };
      config.flake.clan = config.clan;
      config.flake.nixosConfigurations = config.flake.clan.nixosConfigurations;
    };
in
{
  inherit clan;
  lib = {
    inherit clan;
    buildClan = clan;
  };
  clanLib.clan = clan;
  clanLib.buildClan = clan;
  flakeModule = flakeModule;
  flakeModules.default = flakeModule;
  flakeModules.clan = flakeModule;
}
