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
in
{
  inherit config pkgs;
}
