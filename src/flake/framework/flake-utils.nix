# https://github.com/numtide/flake-utils
{ lib, ... }:
let
  defaultSystems = [
    "aarch64-darwin"
    "aarch64-linux"
    "x86_64-darwin"
    "x86_64-linux"
  ];
  # { packages = …; } for each system becomes { packages.<system> = …; }.
  eachSystem = systems: f: lib.mapAttrs (name: _: lib.genAttrs systems (system: (f system).${name})) (f (lib.head systems));
  # Nothing is turned round here.
  eachSystemPassThrough = systems: f: lib.mergeAttrsList (map f systems);
in
{
  lib = {
    inherit eachSystem eachSystemPassThrough defaultSystems;
    eachDefaultSystem = eachSystem defaultSystems;
    eachDefaultSystemPassThrough = eachSystemPassThrough defaultSystems;
    allSystems = defaultSystems;
    system = lib.genAttrs defaultSystems (system: system);
    flattenTree = tree: tree;
    mkApp = app: app;
    simpleFlake = _: { };
  };
}
