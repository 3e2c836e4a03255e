# https://github.com/numtide/blueprint
# hosts/<name>/configuration.nix, or hosts/<name>/default.nix which makes a system.
{ lib, native }:
{
  __functor =
    _:
    {
      inputs,
      src ? inputs.self,
      prefix ? null,
      ...
    }:
    let
      root =
        if prefix == null then
          src
        else if lib.isString prefix then
          src + "/${prefix}"
        else
          prefix;
      hosts = root + "/hosts";
      entries = if builtins.pathExists hosts then lib.filterAttrs (_: type: type == "directory") (builtins.readDir hosts) else { };
      has = name: file: builtins.pathExists (hosts + "/${name}/${file}");
      specialArgs = name: {
        inherit inputs;
        flake = inputs.self;
        hostName = name;
      };
      load =
        name:
        if has name "default.nix" then
          import (hosts + "/${name}") (specialArgs name)
        else if has name "configuration.nix" || has name "rpi-configuration.nix" then
          {
            class = "nixos";
            value = native.system "blueprint" {
              specialArgs = specialArgs name;
              modules = [
                (hosts + (if has name "configuration.nix" then "/${name}/configuration.nix" else "/${name}/rpi-configuration.nix"))
              ];
            };
          }
        else
          { class = null; };
      loaded = lib.filterAttrs (_: host: host.class == "nixos") (lib.mapAttrs (name: _: load name) entries);
    in
    native.unknown "an output of blueprint"
    // {
      nixosConfigurations = lib.mapAttrs (_: host: host.value) loaded;
    };
}
