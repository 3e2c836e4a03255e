# https://github.com/nix-community/flakelight
# nixosConfigurations.<name> = { system, modules }, or nix/nixos/<name>.nix with that.
{ lib, native }:
{
  __functor =
    _: src: module:
    let
      given = if lib.isFunction module then module { inherit lib src; } else module;
      inputs = given.inputs or { };
      nixDir = given.nixDir or (src + "/nix");
      dirs = lib.filter builtins.pathExists [
        (nixDir + "/nixosConfigurations")
        (nixDir + "/nixos")
      ];
      entry =
        dir: name: type:
        if type == "regular" && lib.hasSuffix ".nix" name then
          { ${lib.removeSuffix ".nix" name} = import (dir + "/${name}"); }
        else if builtins.pathExists (dir + "/${name}/default.nix") then
          { ${name} = import (dir + "/${name}"); }
        else
          { };
      loaded = if dirs == [ ] then { } else lib.concatMapAttrs (entry (lib.head dirs)) (builtins.readDir (lib.head dirs));
      called = value: if lib.isFunction value then value { inherit lib inputs src; } else value;
      configurations = loaded // called (given.nixosConfigurations or { });
    in
    native.unknown "an output of flakelight"
    // {
      nixosConfigurations = lib.mapAttrs (
        name: value:
        let
          args = called value;
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
      ) configurations;
    };
}
