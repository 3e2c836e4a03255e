# shellcheck shell=bash
# The lines that matter because of what else is there: an agent full of keys, a
# configuration that shares connections.
two_hosts
wire
LIMIT=60

# Root has an agent, and in it more keys than a server lets anyone try.
as_root pai bash -c '
    for i in 1 2 3 4 5 6 7; do ssh-keygen -q -t ed25519 -N "" -f /run/key$i; done
    ssh-agent -a /run/agent >/dev/null; SSH_AUTH_SOCK=/run/agent ssh-add -q /run/key?'
with_agent() { # TAG
    has_built kalaw "$1"
    restart kalaw sshd
    # shellcheck disable=SC2046
    as_root pai env SSH_AUTH_SOCK=/run/agent timeout -k 5 "$LIMIT" nix-build $(closure "$1") >"$LOG" 2>&1
    STATUS=$?
    COPIED=$(grep -ac "^copying path.*from 'ssh" "$LOG")
    BUILT=$(grep -ac '^building ' "$LOG")
}
with_agent agent
check "whole: an agent full of keys does not matter" all_copied
# (Newer ssh tries the keys of the configuration before those of the agent.)
if [ "$CLIENT" = bookworm ]; then
    mutate '/^ +(IdentitiesOnly|IdentityAgent) /d'
    with_agent agent-again
    check "other keys too: the cache has had enough of them" grep -q "Too many authentication failures" "$LOG"
fi

# A configuration that shares connections, for every host.
human pai '{ programs.ssh.extraConfig = "Host *\n  ControlMaster auto\n  ControlPath /run/shared-%C\n  ControlPersist 60\n"; }'
restart kalaw sshd
mend
has_built kalaw shared
builds pai root shared
check "whole: other connections are shared, these are not" all_copied
check "whole: there is no shared connection" not as_root pai sh -c 'ls /run/shared-* 2>/dev/null'
# (A newer Nix shares connections of its own, and tells ssh so.)
if [ "$CLIENT" = bookworm ]; then
    mutate '/^ +ControlMaster /d'
    sharing() { as_root pai ssh -G nix-ssh@kalaw.fritz.box | grep "^controlmaster"; }
    check "asked to share: but at no place" same "$(sharing)" "controlmaster auto"
    mutate '/^ +Control(Master|Path) /d'
    has_built kalaw shared-again
    builds pai root shared-again
    check "shared: there is one" as_root pai sh -c 'ls /run/shared-* >/dev/null'
fi
