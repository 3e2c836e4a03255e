# https://github.com/applicative-systems/sysmodule-flake
# <modulesPath>/configs-nixos/<name>/configuration.nix
{ lib, native }:
let
  system =
    specialArgs: configuration:
    native.system "sysmodule-flake" {
      inherit specialArgs;
      modules = [ configuration ];
    };
  functions = rec {
    toNixOSSystem = system;
    discoverNixOSConfigFiles =
      dir:
      let
        file = name: dir + "/${name}/configuration.nix";
        folders = lib.filterAttrs (_: type: type == "directory") (builtins.readDir dir);
      in
      lib.mapAttrs (name: _: file name) (
        lib.filterAttrs (name: _: builtins.pathExists (file name)) folders
      );
    discoverNixOSConfigs =
      specialArgs: dir: lib.mapAttrs (_: system specialArgs) (discoverNixOSConfigFiles dir);
  };
in
{
  flakeModules.default =
    { config, ... }:
    let
      cfg = config.sysmodules-flake;
      dir = cfg.modulesPath + "/configs-nixos";
    in
    {
      flake.nixosConfigurations = lib.optionalAttrs (builtins.pathExists dir) (
        functions.discoverNixOSConfigs (cfg.specialArgs or { }) dir
      );
    };
  lib = functions;
}
