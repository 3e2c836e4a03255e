# https://github.com/nix-community/flakelight
# nixosConfigurations.<name> = { system, modules }, or nix/nixos/<name>.nix with that; the
# flake is a module.
{ lib, native }:
let
  inherit (lib) mkOption types;

  # Both the whole set and each of its values may be a function of the module's arguments.
  called = args: value: if lib.isFunction value then value args else value;

  base =
    { config, src, ... }:
    {
      options = {
        inputs = mkOption { default = { }; };
        nixDir = mkOption { default = src + "/nix"; };
        nixosConfigurations = mkOption {
          default = { };
          type = types.coercedTo (types.functionTo types.raw) (called { inherit config lib src; }) (types.lazyAttrsOf types.raw);
          openWithModules = true;
        };
      };
    };

  entry =
    dir: name: type:
    if type == "regular" && lib.hasSuffix ".nix" name then
      { ${lib.removeSuffix ".nix" name} = import (dir + "/${name}"); }
    else if builtins.pathExists (dir + "/${name}/default.nix") then
      { ${name} = import (dir + "/${name}"); }
    else
      { };

  loaded =
    nixDir:
    let
      dirs = lib.filter builtins.pathExists [
        (nixDir + "/nixosConfigurations")
        (nixDir + "/nixos")
      ];
      dir = lib.head dirs;
    in
    if dirs == [ ] then { } else lib.concatMapAttrs (entry dir) (builtins.readDir dir);
in
{
  __functor =
    _: src: module:
    let
      inherit
        (lib.evalModules {
          modules = [
            base
            module
          ];
          specialArgs = { inherit src; };
        })
        config
        ;
      inherit (config) inputs;
    in
    native.unknown "an output of flakelight"
    // {
      nixosConfigurations = lib.mapAttrs (
        name: value:
        let
          args = called { inherit inputs lib src; } value;
        in
        if args ? modules then
          native.system "flakelight" (
            args
            // {
              specialArgs = {
                inherit inputs;
                hostname = name;
              }
              // (args.specialArgs or { });
            }
          )
        else
          args
      ) (loaded config.nixDir // config.nixosConfigurations);
    };
}
