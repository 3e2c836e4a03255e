# A key of this host alone, to log in at the fleet's caches with.
#
# Kept by larder: `larder sync` writes this file anew. It is ordinary NixOS
# configuration and works without larder.

# `file` is where the key lies.
file:
{ config, lib, ... }:
{
  # Made where it is missing. Its public half has to be brought to the caches once,
  # and again after it has been lost.
  system.activationScripts."larder-identity-${baseNameOf file}" = ''
    identity=${lib.escapeShellArg file}
    if [ ! -s "$identity" ]; then
      mkdir -p "$(dirname "$identity")"
      rm -f "$identity.new" "$identity.new.pub"
      ${config.programs.ssh.package}/bin/ssh-keygen -q -t ed25519 -N "" -C "" -f "$identity.new" \
        && mv -f "$identity.new.pub" "$identity.pub" && mv -f "$identity.new" "$identity"
      echo "larder: made a key to log in at caches with; tell the fleet with" >&2
      echo "  larder keys set ${config.networking.hostName} --identity '$(cat "$identity.pub")'" >&2
    fi
  '';
}
