# https://github.com/zhaofengli/colmena
# makeHive { meta = …; defaults = module; <name> = module; }
{ lib, native }:
{
  lib.makeHive =
    hive:
    let
      meta = hive.meta or hive.network or { };
      nodes = removeAttrs hive [
        "__schema"
        "defaults"
        "meta"
        "network"
      ];
    in
    native.unknown "part of a hive"
    // {
      nodes = lib.mapAttrs (
        name: module:
        native.system "colmena" {
          specialArgs = {
            inherit name;
          }
          // (meta.specialArgs or { })
          // (meta.nodeSpecialArgs.${name} or { });
          modules = [ module ] ++ lib.optional (hive ? defaults) hive.defaults;
        }
      ) nodes;
    };
}
