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
      cfg = config.lite-config;
      linux = lib.filterAttrs (_: host: lib.hasSuffix "-linux" host.system) cfg.hosts;
    in
    {
      flake.nixosConfigurations = lib.mapAttrs (
        name: host:
        native.system "lite-config" {
          inherit (host) system;
          specialArgs = {
            inherit inputs;
          }
          // cfg.extraSpecialArgs or { };
          modules = [
            (if (host.hostModule or null) == null then cfg.hostModuleDir + "/${name}" else host.hostModule)
          ]
          ++ cfg.systemModules or [ ];
        }
      ) linux;
    };
}
