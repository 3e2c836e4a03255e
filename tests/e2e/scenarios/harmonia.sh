# shellcheck shell=bash
# The second engine: HTTP inside one ssh connection. (What serves is a stand-in for harmonia:
# lib/tunnel.sh.) Whatever is wrong with the cache, builds go on, and its sshd shuts nobody out.
two_hosts
wire "$HARMONIA"
LIMIT=40
check "the client has its connection" connected pai
check "nothing was warned of" not grep -q "warning: larder" "$BOX/pai.switch.log" "$BOX/kalaw.switch.log"
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
bad() { # WHAT
    builds pai alice "$1"
    check "$1: built here" all_built
    check "$1: within 10 s" at_most "$TOOK" 10
}
back() { # WHAT
    tries_again pai
    check "after $1: the connection is back" connected pai
    has_built kalaw "after-$1"
    builds pai alice "after-$1"
    check "after $1: every path is fetched" all_copied
}
says() { check "$1: the journal says so" soon grep -q "$2" <(tunnel_log pai); }

stop kalaw sshd
gone
bad refused
tries_again pai
says refused "larder: the cache kalaw is not asked for 20 s: kalaw.fritz.box refuses connections to port 22"
start kalaw sshd
# Without help, and within a minute.
began=$SECONDS
check "refused: it is tried again" connected pai
check "refused: within a minute" at_most $((SECONDS - began)) 60
has_built kalaw again
builds pai alice again
check "refused: every path is fetched again" all_copied

# The connection dies, and nobody says so.
vanish kalaw
within_20_s() { for ((try = 0; try < 400; try++)); do is_connected pai || return 0; sleep 0.05; done; return 1; }
check "blackholed: noticed within 20 s" within_20_s
bad blackholed
appear kalaw
back blackholed

as_root kalaw mv /etc/ssh/authorized_keys.d/larder-cache /etc/ssh/aside
restart kalaw sshd
gone
bad key-refused
for ((try = 0; try < 4; try++)); do tries_again pai; sleep 1; done
says key-refused "Permission denied (publickey"
restart kalaw sshd
sleep 45
check "key-refused, for two pauses: the owner is let in" owner_is_let_in
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
