# https://git.clan.lol/clan/clan-core
# machines/<name>/configuration.nix, for each folder of machines/ and each machine
# of the inventory
{ lib, native }:
let
  configuration =
    {
      self,
      directory ? self,
      inventory ? { },
      machines ? { },
      specialArgs ? { },
      ...
    }:
    let
      dir = directory + "/machines";
      folders = if builtins.pathExists dir then lib.filterAttrs (_: type: type == "directory") (builtins.readDir dir) else { };
      declared = inventory.machines or { };
      classOf = name: declared.${name}.machineClass or "nixos";
      file = name: dir + "/${name}/configuration.nix";
    in
    native.unknown "an output of clan"
    // {
      nixosConfigurations = lib.mapAttrs (
        name: _:
        native.system "clan" {
          inherit specialArgs;
          modules = lib.optional (builtins.pathExists (file name)) (file name) ++ lib.optional (machines ? ${name}) machines.${name};
        }
      ) (lib.filterAttrs (name: _: classOf name == "nixos") (folders // declared // machines));
    };

  # Older flakes take the outputs from the result, newer ones from its `config`.
  clan =
    args:
    let
      config = configuration args;
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
      options.clan = lib.mkOption { default = { }; };
      options.flake.clan = lib.mkOption { default = { }; };
      config.flake.nixosConfigurations =
        (configuration (
          {
            inherit self;
          }
          // config.clan
          // config.flake.clan
        )).nixosConfigurations;
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
  flakeModules.default = flakeModule;
}
