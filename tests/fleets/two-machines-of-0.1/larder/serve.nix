# How a host serves its store as one of the fleet's caches, over SSH.
#
# Kept by larder: `larder sync` writes this file anew. It is ordinary NixOS
# configuration and works without larder.

# `cache` is a file of ./caches.
cache:
{ config, lib, ... }:
let
  inherit (import cache)
    name
    clients
    protocol
    enableSshd
    signingKeys
    signingKeyFiles
    ;

  nix = config.nix.settings;
  sshd = config.services.openssh.settings;

  # Keys are made in folders of larder's own. What agenix, sops or you put
  # somewhere else stays yours.
  ownKeyFiles = lib.filter (file: baseNameOf (dirOf file) == "larder") signingKeyFiles;

  # A missing file in `secret-key-files` fails every build on this machine, so
  # there always is one. But once the clients know a key, a new one of the same
  # name would only be distrusted in silence (think of a root file system that is
  # wiped at boot): then the stand-in says by its name what has happened.
  makeKey =
    file:
    let
      keyName = lib.removeSuffix ".secret" (baseNameOf file);
      known = lib.any (lib.hasPrefix "${keyName}:") signingKeys;
      lost = "${keyName}-lost";
      generate = generated: ''
        mkdir -p "$(dirname "$secret")"
        ${config.nix.package}/bin/nix-store --generate-binary-cache-key ${generated} "$secret.new" "$public.new" \
          && mv -f "$public.new" "$public" && mv -f "$secret.new" "$secret"
      '';
    in
    ''
      secret=${lib.escapeShellArg file}
      public=${lib.escapeShellArg "${lib.removeSuffix ".secret" file}.public"}
    ''
    + (
      if known then
        ''
          if [ ! -s "$secret" ]; then
            ${generate lost}
          fi
          if grep -qs '^${lost}:' "$secret"; then
            echo "larder: the signing key ${keyName} is gone from $secret: clients ignore what is built here." >&2
            echo "larder: put it back from your backup, or set the cache's signing-key to \"pending\" in larder.toml for a new one." >&2
          fi
        ''
      else
        ''
          if [ ! -s "$secret" ] || grep -qs '^${lost}:' "$secret"; then
            ${generate keyName}
            echo "larder: made the signing key ${keyName}; tell the fleet with" >&2
            echo "  larder keys set ${name} --signing-key '$(cat "$public")'" >&2
            echo "larder: and sign once what was built before, as root, with" >&2
            echo "  nix --extra-experimental-features nix-command store sign --all --key-file $secret" >&2
          fi
        ''
    );

  inherit (import ./warn.nix { inherit config lib name; }) warnings replaced;

  # True for a list of users or groups, null meaning all, that leaves one out.
  without = list: who: list != null && !lib.any (entry: lib.hasInfix "*" entry || entry == who) list;
in
{
  # The user nix-ssh, who can read the store and do nothing else. It turns sshd on.
  nix.sshServe = {
    enable = true;
    keys = clients;
    inherit protocol;
  };

  # Signs what is built from now on; clients take nothing unsigned.
  nix.settings.secret-key-files = signingKeyFiles;

  system.activationScripts.larder-signing-key = lib.mkIf (ownKeyFiles != [ ]) (
    lib.concatMapStrings makeKey ownKeyFiles
  );

  # Where sshd is there for the cache alone, it takes keys and no passwords.
  services.openssh.settings = lib.mkIf enableSshd {
    PasswordAuthentication = lib.mkDefault false;
    KbdInteractiveAuthentication = lib.mkDefault false;
  };

  warnings = warnings {
    "does not serve: `nix.enable` is off" = !config.nix.enable;
    "does not serve: `nix.sshServe.enable` is off" = !config.nix.sshServe.enable;
    "does not serve: `services.openssh.enable` is off" = !config.services.openssh.enable;
    "refuses clients: another definition of `nix.sshServe.keys` takes the place of their keys" =
      lib.subtractLists config.nix.sshServe.keys clients != [ ];
    "refuses clients: `services.openssh.settings.AllowUsers` lacks \"nix-ssh\"" =
      sshd ? AllowUsers && without sshd.AllowUsers "nix-ssh";
    "refuses clients: `services.openssh.settings.AllowGroups` lacks \"nix-ssh\"" =
      sshd ? AllowGroups && without sshd.AllowGroups "nix-ssh";
    "refuses clients: `nix.settings.allowed-users` lacks \"nix-ssh\"" =
      without nix.allowed-users "nix-ssh" && without nix.allowed-users "@nix-ssh";
    "fails clients with a new Nix: `services.openssh.settings.MaxSessions` is below 10" =
      lib.isInt (sshd.MaxSessions or null) && sshd.MaxSessions < 10;
    "does not sign: another definition of `secret-key-files` takes the place of its key" =
      replaced "secret-key-files"
      || lib.subtractLists (lib.toList nix.secret-key-files) signingKeyFiles != [ ];
  };
}
