# How the modules here say that something they set has been lost.
#
# Kept by larder: `larder sync` writes this file anew.

# `name` is the cache it is about.
{
  config,
  lib,
  name,
}:
{
  # The text of every condition that is true. `warnings` are shown at each
  # rebuild, so those who never start larder again hear of it, too.
  warnings =
    conditions:
    map (what: "larder: the cache `${name}` ${what}") (
      lib.attrNames (lib.filterAttrs (_: isSo: isSo) conditions)
    );

  # True where a plain line in `nix.extraOptions`, which comes last in nix.conf,
  # takes the place of all that modules have said about a setting.
  replaced =
    setting:
    lib.any (line: builtins.match "[ \t]*${setting}[ \t]*=.*" line != null) (
      lib.splitString "\n" config.nix.extraOptions
    );
}
