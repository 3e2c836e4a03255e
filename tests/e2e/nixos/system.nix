# `nixosSystem`: modules in, `config` out.
{
  modules,
  system ? builtins.currentSystem,
  specialArgs ? { },
}:
let
  lib = import ./lib.nix;
  pkgs = import ./pkgs.nix system;
  merge = import ./merge.nix lib;
  config =
    merge.evalTree [ ]
      (import ./options.nix {
        inherit config pkgs;
        inherit (merge) types;
      })
      (
        map (module: {
          inherit (module) file;
          value = module.config;
        }) collected
      );
  collected = merge.collect (specialArgs // { inherit config lib pkgs; }) (
    [
      ./modules.nix
      ./toplevel.nix
    ]
    ++ modules
  );

  # The files that define an option, as far as they do so plainly.
  filesOf = path: {
    files = map (module: module.file) (
      lib.filter (
        module:
        lib.foldl' (set: name: if lib.isAttrs set then set.${name} or null else null) module.config path
        != null
      ) collected
    );
  };
in
{
  inherit config pkgs;
  extendModules =
    extension:
    import ./system.nix {
      inherit system specialArgs;
      modules = modules ++ extension.modules;
    };
  _module.args = { inherit modules; };
  options = {
    networking.hostName = filesOf [
      "networking"
      "hostName"
    ];
    system.stateVersion = filesOf [
      "system"
      "stateVersion"
    ];
  };
}
