# https://github.com/hercules-ci/flake-parts
# The flake is made of modules that set `flake.…`.
{ lib, native }:
let
  ofOneSystem = native.unknown "what a flake has for one system";
  modulesByName = lib.mkOption {
    type = lib.types.lazyAttrsOf lib.types.deferredModule;
    default = { };
  };
  options = {
    options.flake = lib.mkOption {
      default = { };
      type = lib.types.submodule {
        options = {
          nixosModules = modulesByName;
          homeModules = modulesByName;
          darwinModules = modulesByName;
          modules = lib.mkOption {
            type = lib.types.lazyAttrsOf (lib.types.lazyAttrsOf lib.types.deferredModule);
            default = { };
          };
        };
      };
    };
    options.systems = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
    };
    options.perSystem = lib.mkOption {
      type = lib.types.deferredModule;
      default = { };
    };
  };
  withSystem =
    system: function:
    function (
      ofOneSystem
      // {
        inherit system;
        pkgs = native.packages;
      }
    );
  functions = {
    importApply = path: args: import path args;
    mkPerSystemOption = _: lib.mkOption { };
    mkSubmoduleOptions =
      options:
      lib.mkOption {
        type = lib.types.submodule { inherit options; };
        default = { };
      };
    mkTransposedPerSystemModule = _: { };
  };
in
{
  flakeModules = {
    modules = { };
    flakeModules = { };
    bundlers = { };
    easyOverlay = { };
    partitions = { };
  };
  lib = functions // rec {
    evalFlakeModule =
      {
        inputs,
        self ? inputs.self,
        specialArgs ? { },
        ...
      }:
      module:
      lib.evalModules {
        modules = [
          options
          module
        ];
        specialArgs = {
          inherit inputs self withSystem;
          flake-parts-lib = functions;
          getSystem = _: ofOneSystem;
          moduleWithSystem = function: function ofOneSystem;
        }
        // specialArgs;
      };
    mkFlake = args: module: ofOneSystem // (evalFlakeModule args module).config.flake;
  };
}
