# Every public key of the fleet, by name. Nothing in here is secret.
#
# Kept by larder from larder.toml: `larder sync` writes this file anew.
{
  # SSH host keys: by these the machines know each other, and log in at caches.
  hosts = {
    kalaw = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBk11El/ctNJTKbXZOs7HwTf9i0iid3MOUI2O3Ypmqy2";
    pai = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIC6zyod7YZ9KOIFb3VhbF7+8hiw6WBXwlpMoplskABVN";
  };

  # Keys that hosts have for caches alone, by host, ...
  identities = { };
  # ... and keys that all clients of a cache share, by cache.
  shared = { };

  # By these the clients know what a cache has built.
  signing = {
    kalaw = "kalaw-1:KZgsBMBzfyS8gnZveLv+l+rEVvdywtNdAUw77+KI2G8=";
  };
}
