# What one host does in the fleet: serve its store, fetch from others.
#
# Kept by larder from larder.toml: `larder sync` writes this file anew.
{
  imports = [ (import ../serve.nix ../caches/kalaw.nix) ];
}
