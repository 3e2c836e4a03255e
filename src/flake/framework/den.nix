# https://github.com/vic/den
# den.hosts.<system>.<name> declares a host, den.aspects.<name>.nixos is its module.
{ native, ... }:
let
  flakeModule =
    { config, lib, ... }:
    let
      cfg = config.den;
      class = lib.mkOption {
        type = lib.types.deferredModule;
        default = { };
      };
      linux = lib.filterAttrs (system: _: lib.hasSuffix "-linux" system) cfg.hosts;
    in
    {
      options.den.hosts = lib.mkOption { default = { }; };
      options.den.aspects = lib.mkOption {
        default = { };
        type = lib.types.lazyAttrsOf (
          lib.types.submodule {
            options.nixos = class;
            options.homeManager = class;
            options.darwin = class;
          }
        );
      };
      config._module.args.den = native.unknown "a part of den" // cfg;
      config.flake.nixosConfigurations = lib.concatMapAttrs (
        system:
        lib.mapAttrs (
          name: host:
          native.system "den" {
            inherit system;
            modules = [
              cfg.aspects.${host.aspect or name}.nixos
            ];
          }
        )
      ) linux;
    };
in
{
  inherit flakeModule;
  flakeModules.default = flakeModule;
  flakeModules.dendritic = flakeModule;
}
