# How a host fetches from one of the fleet's caches, over SSH.
#
# Kept by larder: `larder sync` writes this file anew. It is ordinary NixOS
# configuration and works without larder.

# `cache` is a file of ./caches; `way` names what is different for this host.
cache: way:
{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (import cache // way)
    name
    address
    port
    proxyJump
    priority
    protocol
    identity
    hostKeys
    signingKeys
    ;

  # ssh looks up the cache's host key under this name and no other: neither
  # another address nor another entry for the same machine can get in the way.
  alias = "larder-${name}";

  # Eight connections fetch many small paths up to five times as fast over a slow
  # line. Nix before 2.34 hangs for ever with more than one, other
  # implementations are not known to work, and sshd takes ten by default.
  severalConnections =
    lib.getName config.nix.package == "nix"
    && lib.versionAtLeast (lib.getVersion config.nix.package) "2.34";

  # An IPv6 address stands in brackets in a URL. A lower priority is asked
  # earlier; cache.nixos.org has 40.
  url =
    "${protocol}://nix-ssh@${if lib.hasInfix ":" address then "[${address}]" else address}"
    + "?priority=${toString priority}"
    + lib.optionalString severalConnections "&max-connections=8";

  # The key to log in with: a file of its own, else the host's SSH host key, which
  # a host has only where sshd runs or is told to make one.
  sshd = config.services.openssh;
  hostKeyFiles = lib.optionals (sshd.enable || sshd.generateHostKeys or false) (
    map (key: key.path) (lib.filter (key: key.type == "ed25519") sshd.hostKeys)
  );
  identityFile = if identity != null then identity else lib.head (hostKeyFiles ++ [ "/none" ]);

  # Connects to the cache for ssh. Nix asks a cache that is away three times for
  # every single path, so one failure is remembered for a minute, in a folder
  # where nobody else can write, and the next attempts give up at once, before
  # any other program is started.
  connect = pkgs.writeShellScript "larder-connect" ''
    PATH=${
      lib.makeBinPath [
        pkgs.coreutils
        pkgs.netcat-openbsd
        config.programs.ssh.package
      ]
    }
    if [ "$EUID" = 0 ]; then memory=/run; else memory=/run/user/$EUID; fi
    down=$memory/larder-down-$1-$2
    if { read -r since <"$down"; } 2>/dev/null; then
      age=$((EPOCHSECONDS - since))
      if [ "$age" -ge 0 ] && [ "$age" -lt 60 ]; then exit 1; fi
    fi
    ${if proxyJump == [ ] then connectDirectly else connectThroughJump}
    { echo "$EPOCHSECONDS" >"$down"; } 2>/dev/null
    exit 1
  '';

  # netcat hands the open connection over to ssh and is gone: no byte is copied
  # once more. The outer limit is for slow name servers.
  connectDirectly = ''
    if timeout 6 nc -F -w 3 "$1" "$2"; then exit 0; fi
  '';

  hopsBefore = lib.init proxyJump;

  # Through another host the connection counts as made when the cache's sshd has
  # said its first line; from then on bytes are passed along.
  connectThroughJump = ''
    coproc ssh -o BatchMode=yes -o ConnectTimeout=5 -i ${lib.escapeShellArg identityFile} \
      ${lib.optionalString (hopsBefore != [ ]) "-J ${lib.concatStringsSep "," hopsBefore} "}\
      -W "[$1]:$2" ${lib.last proxyJump} 2>/dev/null
    exec {from}<&"''${COPROC[0]}" {to}>&"''${COPROC[1]}"
    if IFS= read -r -t 8 greeting <&"$from"; then
      printf '%s\n' "$greeting"
      cat <&"$from" {to}>&- &
      exec cat >&"$to"
    fi
  '';

  inherit (import ./warn.nix { inherit config lib name; }) warnings replaced;
  lost = setting: value: replaced setting || !lib.elem value (config.nix.settings.${setting} or [ ]);
in
{
  nix.settings = {
    # Both lists are merged with those of other modules.
    substituters = [ url ];
    trusted-public-keys = signingKeys;
    # Without this, a cache that is switched off fails builds that could have
    # been made here.
    fallback = lib.mkDefault true;
  };

  programs.ssh = {
    # The cache's SSH host key: no other machine can stand in for it. More than
    # one while it is being changed.
    knownHosts = lib.listToAttrs (
      lib.imap1 (
        number: publicKey:
        lib.nameValuePair "${alias}${lib.optionalString (number > 1) "-${toString number}"}" {
          hostNames = [ alias ];
          inherit publicKey;
        }
      ) hostKeys
    );

    # First in ssh_config, because the first value wins; `originalhost`, because
    # `host` would no longer match after a `HostName` of yours.
    extraConfig = lib.mkBefore ''
      Match originalhost ${address} user nix-ssh
        Port ${toString port}
        # by this name, and only if the key is the known one
        HostKeyAlias ${alias}
        StrictHostKeyChecking yes
        # remembers for a minute that the cache is away
        ProxyCommand ${connect} %h %p
        ProxyUseFdpass ${if proxyJump == [ ] then "yes" else "no"}
        # with this key and no other; nobody is there to answer a question
        IdentityFile ${identityFile}
        IdentitiesOnly yes
        BatchMode yes
        # a cache that stops answering is given up
        ConnectTimeout ${if proxyJump == [ ] then "3" else "10"}
        ServerAliveInterval 5
        ServerAliveCountMax 2
        # Nix hangs when it shares connections that are not its own
        ControlMaster no
        ControlPath none
      Match all
    '';
  };

  assertions = [
    {
      assertion = identity != null || hostKeyFiles != [ ];
      message = "larder: this host logs in at the cache `${name}` with its SSH host key, but it has no ed25519 host key (`services.openssh` is off): give it an `identity` of its own in larder.toml";
    }
  ];

  warnings = warnings {
    "is not used: `nix.enable` is off, so there is no nix.conf" = !config.nix.enable;
    "is not asked: another definition of `nix.settings.substituters` takes its place" =
      lost "substituters" url;
    "is not trusted: another definition of `nix.settings.trusted-public-keys` takes the place of its key" =
      lib.any (lost "trusted-public-keys") signingKeys;
    "fails builds while it is off: `nix.settings.fallback` is false" =
      replaced "fallback"
      || !lib.elem config.nix.settings.fallback [
        true
        "true"
      ];
    "cannot be reached: another definition of `programs.ssh.extraConfig` takes the place of the way to it" =
      !lib.hasInfix "HostKeyAlias ${alias}\n" config.programs.ssh.extraConfig;
    "cannot be reached: another definition of `programs.ssh.knownHosts` takes the place of its host key" =
      !config.programs.ssh.knownHosts ? ${alias};
  };
}
