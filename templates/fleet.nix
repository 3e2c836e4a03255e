# What the hosts do in the fleet, for hosts that share the file which imports this.
#
# Kept by larder from larder.toml: `larder sync` writes this file anew.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  # By `networking.hostName`.
  hosts = "@hosts@";
in
lib.mkMerge (
  lib.mapAttrsToList (
    name: modules:
    lib.mkIf (config.networking.hostName == name) (
      lib.mkMerge (map (module: module { inherit config lib pkgs; }) modules)
    )
  ) hosts
)
