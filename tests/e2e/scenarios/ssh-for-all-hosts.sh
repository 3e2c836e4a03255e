# shellcheck shell=bash
# A block of the user's for all hosts, with every option of ssh_config(5) that could keep
# a build from logging in, does not. Without a line of larder's against it, it does.
two_hosts
as_root pai bash -c '
    printf "#!/bin/sh\nexit 1\n" >/run/no; chmod 755 /run/no
    ssh-keygen -q -t ed25519 -N "" -f /run/own; ssh-keygen -q -s /run/own -I own /run/own.pub'
# What an ssh before 9.6 does not know: it would not start.
newer=
[ "$CLIENT" = bookworm ] || newer='ChannelTimeout session=1s
      ObscureKeystrokeTiming interval:1000
      Tag other
      VersionAddendum of-ours
      WarnWeakCrypto yes'
# (The MACs count for ciphers that need one.)
human kalaw '{ services.openssh.settings.Ciphers = "aes256-ctr"; }'
human pai '{
  programs.ssh.extraConfig = '"''"'
    Host *
      AddKeysToAgent yes
      AddressFamily inet6
      BatchMode no
      BindAddress 192.0.2.1
      BindInterface none0
      CanonicalDomains nowhere.example
      CanonicalizeFallbackLocal no
      CanonicalizeHostname always
      CanonicalizeMaxDots 9
      CanonicalizePermittedCNAMEs *:*
      CASignatureAlgorithms rsa-sha2-512
      CertificateFile /run/own-cert.pub
      CheckHostIP yes
      Ciphers aes128-cbc
      Compression yes
      ConnectionAttempts 9
      ConnectTimeout 300
      ControlMaster auto
      ControlPath /run/shared-%C
      ControlPersist 60
      DynamicForward 22
      EnableEscapeCommandline yes
      EnableSSHKeysign yes
      EscapeChar a
      ExitOnForwardFailure yes
      FingerprintHash md5
      ForkAfterAuthentication yes
      ForwardAgent yes
      ForwardX11 yes
      ForwardX11Timeout 1
      ForwardX11Trusted yes
      GatewayPorts yes
      GlobalKnownHostsFile /dev/null
      GSSAPIAuthentication yes
      GSSAPIDelegateCredentials yes
      HashKnownHosts yes
      HostbasedAcceptedAlgorithms rsa-sha2-512
      HostbasedAuthentication yes
      HostKeyAlgorithms rsa-sha2-512
      HostKeyAlias other
      HostName %h.nowhere.example
      IdentitiesOnly no
      IdentityAgent /run/nobody
      IdentityFile /run/own
      IgnoreUnknown other
      IPQoS none
      KbdInteractiveAuthentication no
      KbdInteractiveDevices none
      KexAlgorithms diffie-hellman-group1-sha1
      KnownHostsCommand /run/no
      LocalCommand echo hello
      LocalForward 127.0.0.1:22 localhost:22
      LogLevel QUIET
      LogVerbose *:*:*
      MACs hmac-md5
      NoHostAuthenticationForLocalhost yes
      NumberOfPasswordPrompts 0
      PasswordAuthentication yes
      PermitLocalCommand yes
      PermitRemoteOpen none
      PKCS11Provider /run/no
      Port 2200
      PreferredAuthentications keyboard-interactive,password
      ProxyJump nowhere.example
      PubkeyAcceptedAlgorithms rsa-sha2-512
      PubkeyAuthentication no
      RekeyLimit 16M 1s
      RemoteCommand tmux new -A
      RemoteForward 2222 localhost:22
      RequestTTY force
      RequiredRSASize 16384
      RevokedHostKeys /run/missing
      SecurityKeyProvider /run/no
      SendEnv *
      ServerAliveCountMax 1
      ServerAliveInterval 600
      SessionType none
      SetEnv A=b
      StdinNull yes
      StreamLocalBindMask 0777
      StreamLocalBindUnlink yes
      StrictHostKeyChecking no
      SyslogFacility AUTH
      TCPKeepAlive no
      Tunnel yes
      TunnelDevice 5:5
      UpdateHostKeys yes
      User thomas
      UserKnownHostsFile /dev/null
      VerifyHostKeyDNS yes
      VisualHostKey yes
      XAuthLocation /run/no
      '"$newer
  ''"';
}'
wire

has_built kalaw whole
builds pai alice whole
check "whole: every path is fetched" all_copied

setting() { # WORDS: what ssh would do for the cache
    as_root pai ssh -G nix-ssh@kalaw.fritz.box true 2>/dev/null | grep -ix "$1" >/dev/null
}
# Without one of them, the login fails. What would hang is given up.
breaks() { # KEYWORD
    local COUNT=1 LIMIT=20
    restart kalaw sshd # forgives what it holds against the client
    has_built kalaw "$1"
    mutate "/^ +$1 /d"
    builds pai root "$1"
    check "without $1: nothing is fetched" same "$COPIED" 0
}
for keyword in GlobalKnownHostsFile KnownHostsCommand RevokedHostKeys HostKeyAlgorithms KexAlgorithms \
    Ciphers MACs PreferredAuthentications \
    PubkeyAuthentication PubkeyAcceptedAlgorithms RemoteCommand StdinNull \
    ClearAllForwardings CanonicalizeHostname; do
    breaks $keyword
done

# A name that such a block makes of the address, and that nobody knows.
broken() { # TAG SED MODULE
    has_built kalaw "$1"
    restart kalaw sshd
    mutate "$2" "$3"
    builds pai root "$1"
    check "without $2: nothing is fetched" same "$COPIED" 0
}
broken name 's/(for host in [^ ]*) "\$1"/\1/' connect
broken first-name '/^ +if \[\[ \$host = /s/ .*/ break/' connect
broken no-name '/^ +for host in /,/^ +done$/s/"\$host" "\$2"/"" "$2"/' connect
mend

# A connection may rest while something is built here. (Of an ssh that gives it up.)
rests() { # TAG
    local out
    as_root kalaw nix-build --no-out-link /e2e/rest.nix --argstr tag "$1" >/dev/null 2>&1
    as_root kalaw sh -c "nix-store --delete --ignore-liveness /nix/store/*-rest-$1-slow" >/dev/null 2>&1
    as_alice pai nix-build --no-out-link /e2e/rest.nix --argstr tag "$1" >"$LOG" 2>&1
    COPIED=$(grep -ac "^copying path.*from 'ssh" "$LOG")
}
if [ "$CLIENT" != bookworm ]; then
    rests whole
    check "whole: it is fetched before and after" same "$COPIED" 2
    mutate 's/"ChannelTimeout none"/""/'
    rests given-up
    check "without ChannelTimeout: not after" same "$COPIED" 1
    mutate '/^ +sshIsAtLeast = /s/=.*/= _: false;/'
    rests not-known
    check "without a look at the version: not after" same "$COPIED" 1
    mend
else
    take_away use '/^ +sshIsAtLeast = /s/=.*/= _: true;/'
    switch pai || exit 1
    has_built kalaw too-new
    builds pai root too-new
    check "without a look at the version: ssh does not start" same "$COPIED" 0
    mend
fi

# Without one of these, it depends: on a server for names, on an agent or a card that does
# not answer, on a terminal.
differs() { # KEYWORD WORDS
    check "whole: not $2" not setting "$2"
    mutate "/^ +$1 /d"
    check "without $1: $2" setting "$2"
}
differs ForkAfterAuthentication "forkafterauthentication yes"
# (A newer Nix says these two itself.)
if [ "$CLIENT" = bookworm ]; then
    breaks PermitLocalCommand
    breaks SessionType
else
    differs PermitLocalCommand "permitlocalcommand yes"
    differs SessionType "sessiontype none"
fi
differs VerifyHostKeyDNS "verifyhostkeydns true"
differs IdentityAgent "identityagent /run/nobody"
differs PKCS11Provider "pkcs11provider /run/no"
differs RequestTTY "requesttty force"

# A cache whose SSH host key is of the other kind.
as_root kalaw ssh-keygen -q -t rsa -b 2048 -N "" -C "" -f /etc/ssh/rsa
host_key() { cut -d ' ' -f 1,2 "$(root_of "$1")/etc/ssh/$([ "$1" = kalaw ] && echo rsa || echo ssh_host_ed25519_key).pub"; }
human kalaw '{ services.openssh.hostKeys = [ { path = "/etc/ssh/rsa"; type = "rsa"; } ]; }'
inventory
switch kalaw
switch pai
has_built kalaw other-kind
builds pai root other-kind
check "whole, an RSA host key: every path is fetched" all_copied
broken rsa 's/"RequiredRSASize 1024"/""/' use
