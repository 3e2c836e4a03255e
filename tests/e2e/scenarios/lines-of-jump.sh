# shellcheck shell=bash
# Through two hosts, past blocks of the user's that would keep anybody out; and each line of
# that way is needed.
host_up gate "$SERVER"
host_up door "$SERVER"
two_hosts
names gate "$(address door)" door.inside
names door "$(address kalaw)" kalaw.inside

# Their people let pai's root in.
for host in gate door; do
    as_root $host useradd -m -s /bin/bash -p '*' thomas
    as_root $host sh -c 'mkdir -p /home/thomas/.ssh; cat >/home/thomas/.ssh/authorized_keys; chown -R thomas /home/thomas' \
        <"$(root_of pai)/etc/ssh/ssh_host_ed25519_key.pub"
    printf 'HostKey /etc/ssh/ssh_host_ed25519_key\nUsePAM yes\n' >"$(root_of $host)/etc/ssh/sshd_config"
    start $host sshd
done
# Where gate is, only the user's own blocks know.
as_root pai bash -c 'mkdir -p /root/.ssh; printf "Host door.inside\n  Compression yes\n" >/root/.ssh/config
    ssh-keygen -q -t ed25519 -N "" -f /run/own; printf "#!/bin/sh\nexit 1\n" >/run/no; chmod 755 /run/no'
human pai "{
  programs.ssh.extraConfig = ''
    Host gate
      HostName $(address gate)
    Host *
      HostKeyAlgorithms rsa-sha2-512
      RevokedHostKeys /run/missing
      IdentityAgent /run/nobody
      IdentityFile /run/own
      BatchMode no
      PreferredAuthentications password
      PubkeyAuthentication no
      PubkeyAcceptedAlgorithms rsa-sha2-512
      PKCS11Provider /run/no
      ProxyJump nowhere.example
      ControlPath /run/shared-%C
      CanonicalizeHostname always
      CanonicalDomains nowhere.example
      CanonicalizeFallbackLocal no
      ForkAfterAuthentication yes
      PermitLocalCommand yes
      LocalCommand echo hello
      ConnectTimeout 300
      ServerAliveInterval 600
      StrictHostKeyChecking no
      LogLevel QUIET
  '';
}"

COUNT=2
LIMIT=60
pins() { # GATE DOOR: whose keys the client takes for theirs
    echo "[caches.kalaw.link.pai]
address = \"kalaw.inside\"
proxy-jump = \"thomas@gate,thomas@door.inside\"

[jump-hosts.gate]
host-key = \"$(host_key "$1")\"

[jump-hosts.\"door.inside\"]
host-key = \"$(host_key "$2")\""
}
wire "$(pins gate door)"
has_built kalaw whole
builds pai alice whole
check "whole: every path is fetched" all_copied
for host in gate door; do
    check "whole: through the $host" grep -q "Accepted publickey for thomas" "$BOX/$host/sshd.log"
done

# (Some are given up at once, some only by ssh's own patience.)
LIMIT=15
without() { # WHAT SED TAG
    for host in gate door; do restart $host sshd; done # forgive what they hold against pai
    has_built kalaw "$3"
    mutate "$2" connect
    builds pai root "$3"
    check "without $1: nothing is fetched" same "$COPIED" 0
}
without "ssh's package" '/^ +config.programs.ssh.package$/d' package
without "a place for messages" '/^ +exec \{messages\}/d' messages
without "starting ssh" '/^ +coproc ssh /d' coproc
without "the first host" '/lib.optionalString \(hopsBefore != /d' before
without "the last host" '/^ +-W "/d' last
without "both ends" '/^ +exec \{from\}/d' ends
without "waiting for a greeting" 's/if IFS= read .*greeting.*/if false; then/' greeting
without "the greeting" '/^ +printf .%s/d' printf
without "what the cache says" '/^ +cat <&"\$from"/d' from
without "what the client says" '/^ +exec cat >&/d' to
without "the blocks of the hosts" 's/^ +Host \$\{hop.host\}/Host nobody/' blocks
for keyword in HostKeyAlias UserKnownHostsFile HostKeyAlgorithms RevokedHostKeys IdentityFile PreferredAuthentications \
    PubkeyAuthentication PubkeyAcceptedAlgorithms ProxyJump CanonicalizeHostname \
    'Include .etc'; do
    without "$keyword" "/^ +$keyword/d" "${keyword// /}"
done
without "their keys" 's/concatMapStrings \(key: .*\) \(knownKeys hop\)/concatMapStrings (key: "") (knownKeys hop)/' keys

# Without one of these it depends on an agent, a card, a terminal, or how a host fails.
setting() { # WORDS: what ssh does on the way
    local config
    config=$(as_root pai sh -c 'cat $(ssh -G nix-ssh@kalaw.inside true 2>/dev/null | sed -n "s/^proxycommand \([^ ]*\).*/\1/p")' |
        grep -o '/nix/store/[^ ]*-larder-jump-kalaw')
    as_root pai ssh -F "$config" -G door.inside true 2>/dev/null | grep -ix "$1" >/dev/null
}
mend
for words in "batchmode no" "identityagent /run/nobody" "pkcs11provider /run/no" "connecttimeout 300" \
    "serveraliveinterval 600" "loglevel SILENT" "forkafterauthentication yes" "permitlocalcommand yes" \
    "stricthostkeychecking false"; do
    check "whole: not $words" not setting "$words"
done
check "whole: what root has, too" setting "compression yes"
check "whole: no connection is shared" not setting "controlpath .*"
differs() { # KEYWORD WORDS
    mutate "/^ +$1 .*/Id" connect
    check "without $1: $2" setting "$2"
}
for words in "batchmode no" "identityagent /run/nobody" "pkcs11provider /run/no" "connecttimeout 300" \
    "serveraliveinterval 600" "loglevel SILENT" "forkafterauthentication yes" "permitlocalcommand yes" \
    "stricthostkeychecking false"; do
    differs "${words% *}" "$words"
done
differs controlpath "controlpath .*"
mutate '/^ +Include ~/d' connect
check "without what root has: it does not count" not setting "compression yes"

# The pin alone counts, whatever else the user trusts.
as_root pai sh -c 'cat >/run/known' <<<"door.inside $(host_key door)"
as_root pai sh -c 'printf "#!/bin/sh\ncat /run/known\n" >/run/yes; chmod 755 /run/yes'
trusts() { # KEYWORD VALUE
    human pai "{ programs.ssh.extraConfig = ''
      Host gate
        HostName $(address gate)
      Host door.inside
        $1 $2
    ''; }"
    LIMIT=15
    inventory "$(pins gate pai)"
    mend
    for host in gate door; do restart $host sshd; done
    has_built kalaw "trusts$1"
    builds pai root "trusts$1"
    check "another pin, and $1 has the right key: nothing is fetched" same "$COPIED" 0
    mutate "/^ +$1 /d" connect
    has_built kalaw "trusting$1"
    builds pai root "trusting$1"
    check "without $1: it is fetched" all_copied
}
trusts GlobalKnownHostsFile /run/known
[ "$CLIENT" = bookworm ] || trusts KnownHostsCommand /run/yes

human pai "{ programs.ssh.extraConfig = \"Host gate\n  HostName $(address gate)\n\"; }"
inventory "$(pins gate door)"
LIMIT=60
has_built kalaw again
mend
builds pai alice again
check "whole again: every path is fetched" all_copied

# The last host is away: that is what is remembered.
remembered() { as_root pai grep -q "$1" /run/larder-down-kalaw; }
stop door sshd
forget pai
builds pai alice away
check "whole, the last host is away: remembered as that" remembered "through the jump host: the jump host cannot connect to it"
mutate '/^ +give_up ".* through the jump host/d' connect
builds pai alice away-again
check "without a word for it: not as that" not remembered "through the jump host"
mutate '/^ +while IFS= read .*messages/,/^ +done$/d' connect
builds pai alice away-why
check "without reading what ssh says: not why" not remembered "cannot connect"
mutate '/stdio forwarding failed/d' connect
builds pai alice away-plain
check "without a word for that: ssh's own" remembered "stdio forwarding failed"
mutate '/^ +echo "\$line" >&2$/d' connect
: >"$BOX/pai/nix-daemon.log"
builds pai alice away-unsaid
check "without passing it on: not in the journal" not grep -q "^stdio forwarding failed" "$BOX/pai/nix-daemon.log"
stop gate sshd
mend
builds pai alice gone
check "whole, the first host is away: remembered as that" remembered "through the jump host: .*Connection refused"
mutate '/^ +trouble=.*line/d' connect
builds pai alice gone-first
check "without its first line: not why" not remembered refused
start gate sshd
start door sshd
inventory "$(pins gate pai)"
mutate '/Host key verification failed.*another machine answers, or/d' connect
builds pai alice other
check "without a word for another machine: ssh's own" not remembered "another machine"
