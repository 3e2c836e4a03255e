# One of the fleet's caches: what its host and its clients know of it.
#
# Kept by larder from larder.toml: `larder sync` writes this file anew.
let
  keys = import ../keys.nix;
in
{
  name = "kalaw";

  # The keys that may fetch.
  clients = [ keys.hosts.pai ];

  # The way to it. A host whose way differs says so in ../hosts.
  address = "kalaw";
  port = 22;
  # The hosts to go through, the nearest to the client first.
  proxyJump = [ ];
  # Lower is asked first; cache.nixos.org has 40.
  priority = 30;
  protocol = "ssh";

  # The file with the key that a client logs in with; null: its SSH host key.
  identity = null;

  # By this the machine is known, ...
  hostKeys = [ keys.hosts.kalaw ];
  # ... and by this what it has built. None until the key is known.
  signingKeys = [ keys.signing.kalaw ];
  # The secret half, on the serving host only.
  signingKeyFiles = [ "/var/lib/larder/kalaw-1.secret" ];
  # True where sshd is there for the cache alone.
  enableSshd = false;
}
