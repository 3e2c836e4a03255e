# https://github.com/hercules-ci/flake-parts
# The flake is made of modules that set `flake.…`.
{ lib, native }:
let
  inherit (lib) mkOption types;
  ofOneSystem = native.unknown "what flake-parts passes for one system";
  outputsOfOneSystem = [
    "apps"
    "checks"
    "devShells"
    "formatter"
    "legacyPackages"
    "packages"
  ];
  modulesByName = mkOption {
    type = types.lazyAttrsOf types.deferredModule;
    default = { };
  };

  core =
    {
      config,
      inputs,
      self,
      ...
    }:
    let
      argsOf = system: ofOneSystem // { pkgs = inputs.nixpkgs.legacyPackages.${system}; } // (config.perSystem system)._module.args or { };
      withSystem =
        system: function:
        function (
          argsOf system
          // {
            inherit system;
            config = config.perSystem system;
          }
        );
    in
    {
      options.flake = mkOption {
        default = { };
        type = types.submodule {
          options = {
            nixosConfigurations = mkOption {
              type = types.lazyAttrsOf types.raw;
              default = { };
              openWithModules = true;
            };
            nixosModules = modulesByName;
            homeModules = modulesByName;
            darwinModules = modulesByName;
            flakeModules = modulesByName;
            modules = mkOption {
              type = types.lazyAttrsOf (types.lazyAttrsOf types.deferredModule);
              default = { };
            };
          };
        };
      };
      options.systems = mkOption {
        type = types.listOf types.str;
        default = [ ];
      };
      options.debug = mkOption {
        type = types.bool;
        default = false;
      };
      options.perInput = mkOption {
        type = types.raw;
        default = { };
      };
      options.transposition = mkOption {
        type = types.lazyAttrsOf types.raw;
        default = { };
      };
      options.perSystem = mkOption {
        type = types.deferredModule;
        default = { };
        apply =
          module: system:
          (lib.evalModules {
            modules = [
              { _module.args.pkgs = lib.mkOptionDefault inputs.nixpkgs.legacyPackages.${system}; }
              module
            ];
            specialArgs = {
              inherit system;
              inputs' = ofOneSystem;
              self' = ofOneSystem;
            };
          }).config;
      };
      config._module.args = {
        inherit withSystem;
        getSystem = config.perSystem;
        moduleWithSystem = function: function ofOneSystem;
      };
    };

  # A partition is the whole flake once more, with some modules and inputs beside.
  partitions =
    {
      config,
      evalPartition,
      partitionStack,
      ...
    }:
    let
      inputsOf = partition: (if partition ? extraInputsFlake then native.inputsOfFlake partition.extraInputsFlake else { }) // partition.extraInputs;
      evaluated = name: evalPartition name config.partitions.${name}.module (inputsOf config.partitions.${name});
    in
    {
      options.partitionedAttrs = mkOption {
        type = types.attrsOf types.str;
        default = { };
      };
      options.partitions = mkOption {
        default = { };
        type = types.attrsOf (
          types.submodule {
            options.module = mkOption {
              type = types.deferredModule;
              default = { };
            };
            options.extraInputs = mkOption {
              type = types.lazyAttrsOf types.raw;
              default = { };
            };
          }
        );
      };
      config.flake = if partitionStack == [ ] then lib.mapAttrs (attr: name: lib.mkForce (evaluated name).config.flake.${attr}) config.partitionedAttrs else { };
    };

  functions = {
    importApply = path: args: import path args;
    defaultModule = flake: if flake ? flakeModules then flake.flakeModules.default else flake;
    mkPerSystemOption = _: mkOption { type = types.deferredModule; };
    mkPerSystemType = _: types.deferredModule;
    mkDeferredModuleOption = _: mkOption { type = types.deferredModule; };
    mkSubmoduleOptions =
      options:
      mkOption {
        type = types.submodule { inherit options; };
        default = { };
      };
    mkTransposedPerSystemModule = { name, ... }: { transposition.${name} = { }; };
    mkAliasOptionModule = lib.mkAliasOptionModule;
    inherit (types) attrsWith;
  };

  evalFlakeModule =
    {
      inputs ? self.inputs,
      self ? inputs.self,
      specialArgs ? { },
      partitionStack ? [ ],
      ...
    }@args:
    module:
    lib.evalModules {
      modules = [
        core
        module
      ];
      specialArgs = {
        inherit inputs self partitionStack;
        flake-parts-lib = functions;
        moduleLocation = self + "/flake.nix";
        evalPartition =
          name: more: extraInputs:
          evalFlakeModule (
            args
            // {
              inherit self;
              inputs = inputs // extraInputs;
              partitionStack = partitionStack ++ [ name ];
            }
          ) { imports = [ module more ]; };
      }
      // specialArgs;
    };

  # What a flake module that is not known adds for each system is not known.
  outputs =
    evaluated:
    let
      inherit (evaluated) config;
      names = outputsOfOneSystem ++ lib.attrNames config.transposition;
    in
    (if evaluated._unread == [ ] then { } else native.unknown "an output of a flake module that larder does not know")
    // lib.genAttrs names (name: lib.genAttrs config.systems (system: (config.perSystem system).${name} or { }))
    // config.flake;

  flakeParts = functions // {
    inherit evalFlakeModule;
    mkFlake = args: module: outputs (evalFlakeModule args module);
  };
in
{
  flakeModules = {
    modules = { };
    flakeModules = { };
    bundlers = { };
    easyOverlay = { };
    touchup = { };
    inherit partitions;
  };
  lib = flakeParts;
  _files."lib.nix" = _: flakeParts;
}
