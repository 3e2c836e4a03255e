# The names of a flake's hosts, by real Nix: its inputs are what larder takes them for.
{ dir }:
let
  flake = import (dir + "/flake.nix");
  native = import ./native.nix;
  framework = ../../src/flake/framework;
  lib = import ../../src/flake/eval/prelude.nix native;
  fake = url: import (framework + "/${url}.nix") { inherit lib native; };
  nixpkgs = {
    inherit lib;
    outPath = "/nixpkgs";
  };
  known = {
    "github:zhaofengli/colmena" = fake "colmena";
    "github:gytis-ivaskevicius/flake-utils-plus" = fake "flake-utils-plus";
    "github:nix-community/haumea" = fake "haumea";
    "github:numtide/blueprint" = fake "blueprint";
    "github:numtide/flake-utils" = fake "flake-utils";
    "github:snowfallorg/lib" = fake "snowfall";
    "github:ada/snow" = fake "snowfall";
    "github:Mic92/adios-flake" = fake "adios-flake";
  };
  declared = builtins.mapAttrs (_: input: known.${input.url or ""} or nixpkgs) (flake.inputs or { });
  asked = builtins.mapAttrs (_: _: nixpkgs) (builtins.functionArgs flake.outputs);
  self = {
    outPath = toString dir;
    inherit inputs;
  }
  // outputs;
  inputs = asked // { inherit nixpkgs; } // declared // { inherit self; };
  outputs = flake.outputs inputs;
  hive = outputs.colmenaHive or ((fake "colmena").lib.makeHive outputs.colmena);
in
builtins.attrNames (outputs.nixosConfigurations or hive.nodes)
