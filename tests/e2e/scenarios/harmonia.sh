# shellcheck shell=bash
# The second engine: HTTP inside one ssh connection. (What serves is a stand-in for harmonia:
# lib/tunnel.sh.) Whatever is wrong with the cache, builds go on, and its sshd shuts nobody out.
two_hosts
wire "$HARMONIA"
LIMIT=40
check "the client has its connection" connected pai
# Nix before 2.10 ends where a cache over HTTP does not answer, and is warned of.
is_old_nix() { as_root pai nix --version | grep -q ' 2\.[0-9]\.'; }
is_warned() { grep -q "warning: larder" "$BOX/$1.switch.log"; }
check "nothing is said of the cache" not is_warned kalaw
if is_old_nix; then
    check "the client is warned of its Nix" grep -q "warning: larder: .* Nix before 2.10" "$BOX/pai.switch.log"
else
    check "nothing is said of the client" not is_warned pai
fi
for user in root alice; do
    has_built kalaw $user
    builds pai $user $user
    check "$user fetches every path" all_copied
    check "$user: from the tunnel" grep -q "from 'http://127.0.0.1:" "$LOG"
done
builds pai alice elsewhere
check "what the cache lacks is built here" all_built
check "all of it in one connection" same "$(grep -c "Accepted publickey for larder-cache" "$BOX/kalaw/sshd.log")" 1
check "nix-ssh is not there" not as_root kalaw getent passwd nix-ssh

# Whether the owner, who sits at the client, still comes in.
as_root kalaw sh -c 'mkdir -p /root/.ssh; cat >/root/.ssh/authorized_keys' \
    <"$(root_of pai)/etc/ssh/ssh_host_ed25519_key.pub"
owner_is_let_in() {
    as_root pai ssh -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
        -i /etc/ssh/ssh_host_ed25519_key root@kalaw.fritz.box true >"$LOG" 2>&1
}
gone() { hang_up kalaw; soon not is_connected pai; }
# A build of fifty paths, and what it takes here without asking anybody.
bad() { # WHAT [SECONDS]: for which, at most, it waits
    local COUNT=50 took
    builds pai alice "$1"
    took=$TOOK
    if is_old_nix; then
        check "$1: nothing is fetched" same "$COPIED" 0
    else
        check "$1: built here" all_built
        alone "$1-alone"
        check "$1: within ${2:-10} s" at_most $((took - TOOK)) "${2:-10}"
    fi
}
alone() { # TAG
    local began=$SECONDS
    # shellcheck disable=SC2046
    as_root pai nix-build --option substitute false $(closure "$1") >/dev/null 2>&1
    TOOK=$((SECONDS - began))
}
back() { # WHAT
    tries_again pai
    check "after $1: the connection is back" connected pai
    has_built kalaw "after-$1"
    builds pai alice "after-$1"
    check "after $1: every path is fetched" all_copied
}
says() { check "$1: the journal says so" soon eval "tunnel_log pai | grep -q \"$2\""; }

stop kalaw sshd
gone
bad refused
tries_again pai
says refused "larder: the cache kalaw is not asked for 45 s: kalaw.fritz.box refuses connections to port 22"
start kalaw sshd
# Without help, and within a minute.
began=$SECONDS
check "refused: it is tried again" connected pai
check "refused: within a minute" at_most $((SECONDS - began)) 60
has_built kalaw again
builds pai alice again
check "refused: every path is fetched again" all_copied

# The connection dies, and nobody says so: who builds then waits until it is noticed.
vanish kalaw
bad vanished 20
check "vanished: it is noticed" not is_connected pai
bad blackholed
appear kalaw
back blackholed

# On the road, what the public cache has is fetched there, and this one is not missed.
inventory "$HARMONIA" "roaming = true"
switch pai || exit 1
connected pai
builds pai alice asks-once
for tag in up down; do has_built kalaw $tag && publish kalaw $tag; done
builds pai alice up
check "roaming, up: all is from the public cache" same "$STATUS $COPIED $BUILT" "0 0 0"
up=$TOOK
vanish kalaw
soon not is_connected pai
builds pai alice down
check "roaming, blackholed: all is from the public cache" same "$STATUS $COPIED $BUILT" "0 0 0"
check "roaming, blackholed: within a second more" at_most $((TOOK - up)) 1
appear kalaw
inventory "$HARMONIA"
switch pai || exit 1
back roaming

as_root kalaw mv /etc/ssh/authorized_keys.d/larder-cache /etc/ssh/aside
restart kalaw sshd
gone
bad key-refused
tries_again pai
says key-refused "Permission denied (publickey"
restart kalaw sshd
refusals() { grep -c "authenticating user larder-cache" "$BOX/kalaw/sshd.log"; }
before=$(refusals)
sleep 100
check "key-refused, for two pauses: it tries again, not more" at_most $(($(refusals) - before)) 3
check "key-refused, for two pauses: the owner is let in" owner_is_let_in
check "key-refused: nobody is penalised" not grep -q "drop connection" "$BOX/kalaw/sshd.log"
as_root kalaw mv /etc/ssh/aside /etc/ssh/authorized_keys.d/larder-cache
back key-refused

as_root kalaw sh -c 'mkdir /etc/ssh/old; mv /etc/ssh/ssh_host_ed25519_key* /etc/ssh/old; ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key'
restart kalaw sshd
gone
bad other-machine
tries_again pai
says other-machine "Host key verification failed"
as_root kalaw sh -c 'mv /etc/ssh/old/* /etc/ssh/'
restart kalaw sshd
back other-machine

# ssh holds, and nothing answers in it.
stop kalaw harmonia
bad harmonia-off
start kalaw harmonia
back harmonia-off
