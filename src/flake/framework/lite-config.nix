# https://github.com/yelite/lite-config
# <hostModuleDir>/<name>, for each of lite-config.hosts
{ native, ... }:
{
  flakeModule =
    {
      config,
      lib,
      inputs,
      ...
    }:
    let
      inherit (lib) mkOption types;
      cfg = config.lite-config;
      linux = lib.filterAttrs (_: host: lib.hasSuffix "-linux" host.system) cfg.hosts;
      modules = mkOption {
        type = types.listOf types.deferredModule;
        default = [ ];
      };
    in
    {
      options.lite-config = mkOption {
        default = { };
        type = types.submodule {
          options.hosts = mkOption {
            default = { };
            type = types.attrsOf (
              types.submodule {
                options.system = mkOption { type = types.str; };
                options.hostModule = mkOption {
                  type = types.nullOr types.deferredModule;
                  default = null;
                };
              }
            );
          };
          options.hostModuleDir = mkOption { type = types.path; };
          options.systemModules = modules;
          options.homeModules = modules;
          options.extraSpecialArgs = mkOption { default = { }; };
        };
      };
      config.systems = lib.unique (lib.mapAttrsToList (_: host: host.system) cfg.hosts);
      config.flake.nixosConfigurations = lib.mapAttrs (
        name: host:
        native.system "lite-config" {
          inherit (host) system;
          specialArgs = {
            inherit inputs;
            hostPlatform = lib.systems.elaborate host.system;
          }
          // cfg.extraSpecialArgs;
          modules = [ (if host.hostModule == null then cfg.hostModuleDir + "/${name}" else host.hostModule) ] ++ cfg.systemModules;
        }
      ) linux;
    };
}
