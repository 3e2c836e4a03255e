# shellcheck shell=bash
# Through two hosts; and each line of that way is needed, or nothing arrives.
host_up gate "$SERVER"
host_up door "$SERVER"
two_hosts
names gate "$(address door)" door.inside
names door "$(address kalaw)" kalaw.inside
names pai "$(address gate)" gate.example

# Their people let pai's root in, who knows them.
for host in gate door; do
    as_root $host useradd -m -s /bin/bash -p '*' thomas
    as_root $host sh -c 'mkdir -p /home/thomas/.ssh; cat >/home/thomas/.ssh/authorized_keys; chown -R thomas /home/thomas' \
        <"$(root_of pai)/etc/ssh/ssh_host_ed25519_key.pub"
    printf 'HostKey /etc/ssh/ssh_host_ed25519_key\nUsePAM yes\n' >"$(root_of $host)/etc/ssh/sshd_config"
    start $host sshd
done
as_root pai sh -c 'mkdir -p /root/.ssh; cat >/root/.ssh/known_hosts' <<KNOWN
gate.example $(host_key gate)
door.inside $(host_key door)
KNOWN
# To the first one ssh goes by what it knows itself.
human pai '{ programs.ssh.extraConfig = "Host gate.example\n  IdentityFile /etc/ssh/ssh_host_ed25519_key\n"; }'

COUNT=2
LIMIT=60
wire "[caches.kalaw.link.pai]
address = \"kalaw.inside\"
proxy-jump = \"thomas@gate.example,thomas@door.inside\""
has_built kalaw whole
builds pai alice whole
check "whole: every path is fetched" all_copied
for host in gate door; do
    check "whole: through the $host" grep -q "Accepted publickey for thomas" "$BOX/$host/sshd.log"
done

# (Some are given up at once, some only by ssh's own patience.)
LIMIT=15
without() { # WHAT SED TAG
    has_built kalaw "$3"
    mutate "$2" connect
    builds pai root "$3"
    check "without $1: nothing is fetched" same "$COPIED" 0
}
without "ssh's package" '/^ +config.programs.ssh.package$/d' package
without "starting ssh" '/^ +coproc ssh /d' coproc
without "the first host" '/lib.optionalString \(hopsBefore != /d' before
without "the key for the last host" '/^ +-i \$\{escapeShellArg identityFile\} /d' identity
without "the last host" '/^ +-W "/d' last
without "both ends" '/^ +exec \{from\}/d' ends
without "waiting for a greeting" 's/if IFS= read .*/if false; then/' greeting
without "the greeting" '/^ +printf .%s/d' printf
without "what the cache says" '/^ +cat <&"\$from"/d' from
without "what the client says" '/^ +exec cat >&/d' to

LIMIT=60
has_built kalaw again
mend
builds pai alice again
check "whole again: every path is fetched" all_copied

# The last host is away: that is what is remembered.
stop door sshd
remembered() { as_root pai grep -q "through the jump host" /run/larder-down-kalaw; }
forget pai
builds pai alice away
check "whole, the last host is away: remembered as that" remembered
mutate '/^ +give_up ".* through the jump host"$/d' connect
builds pai alice away-again
check "without a word for it: not as that" not remembered
