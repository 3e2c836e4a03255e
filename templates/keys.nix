# Every public key of the fleet, by name. Nothing in here is secret.
#
# Kept by larder from larder.toml: `larder sync` writes this file anew.
{
  # SSH host keys: by these the machines know each other, and log in at caches.
  hosts = "@hosts@";

  # Keys that hosts have for caches alone, by host, ...
  identities = "@identities@";
  # ... and keys that all clients of a cache share, by cache.
  shared = "@shared@";

  # By these the clients know what a cache has built.
  signing = "@signing@";
}
