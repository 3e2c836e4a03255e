# shellcheck shell=bash
# A block of the user's for all hosts, with every option of ssh_config(5) that could keep
# a build from logging in, does not. Without a line of larder's against it, it does.
two_hosts
as_root pai bash -c '
    printf "#!/bin/sh\nexit 1\n" >/run/no; chmod 755 /run/no
    ssh-keygen -q -t ed25519 -N "" -f /run/own; ssh-keygen -q -s /run/own -I own /run/own.pub'
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
      CertificateFile /run/own-cert.pub
      CheckHostIP yes
      Compression yes
      ConnectionAttempts 9
      ConnectTimeout 300
      ControlMaster auto
      ControlPath /run/shared-%C
      ControlPersist 60
      DynamicForward 22
      EnableSSHKeysign yes
      EscapeChar a
      ExitOnForwardFailure yes
      ForkAfterAuthentication yes
      ForwardAgent yes
      ForwardX11 yes
      ForwardX11Trusted yes
      GatewayPorts yes
      GlobalKnownHostsFile /dev/null
      GSSAPIAuthentication yes
      HashKnownHosts yes
      HostbasedAuthentication yes
      HostKeyAlgorithms rsa-sha2-512
      HostKeyAlias other
      IdentitiesOnly no
      IdentityAgent /run/nobody
      IdentityFile /run/own
      KbdInteractiveAuthentication no
      KnownHostsCommand /run/no
      LocalCommand echo hello
      LocalForward 127.0.0.1:22 localhost:22
      LogLevel QUIET
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
      SecurityKeyProvider /run/no
      SendEnv *
      ServerAliveCountMax 1
      ServerAliveInterval 600
      SessionType none
      SetEnv A=b
      StdinNull yes
      StrictHostKeyChecking no
      TCPKeepAlive no
      Tunnel yes
      UpdateHostKeys yes
      User thomas
      UserKnownHostsFile /dev/null
      VerifyHostKeyDNS yes
      VisualHostKey yes
      XAuthLocation /run/no
  '"''"';
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
for keyword in GlobalKnownHostsFile KnownHostsCommand HostKeyAlgorithms PreferredAuthentications \
    PubkeyAuthentication PubkeyAcceptedAlgorithms RemoteCommand StdinNull \
    ClearAllForwardings CanonicalizeHostname; do
    breaks $keyword
done

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
