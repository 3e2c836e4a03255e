# One of the fleet's caches: what its host and its clients know of it.
#
# Kept by larder from larder.toml: `larder sync` writes this file anew.
let
  keys = import ../keys.nix;
in
{
  name = "@name@";

  # The keys that may fetch.
  clients = [ "@clients@" ];

  # The way to it. A host whose way differs says so in ../hosts.
  address = "@address@";
  port = "@port@";
  # The hosts to go through, the nearest to the client first.
  proxyJump = [ "@proxyJump@" ];
  # Lower is asked first; cache.nixos.org has 40.
  priority = "@priority@";
  protocol = "@protocol@";

  # The file with the key that a client logs in with; null: its SSH host key.
  identity = "@identity@";

  # By this the machine is known, ...
  hostKeys = [ "@hostKeys@" ];
  # ... and by this what it has built. None until the key is known.
  signingKeys = [ "@signingKeys@" ];
  # The secret half, on the serving host only.
  signingKeyFiles = [ "@signingKeyFiles@" ];
  # True where sshd is there for the cache alone.
  enableSshd = "@enableSshd@";
}
