# shellcheck shell=bash
# Each line of a client's tunnel is needed.
two_hosts
COUNT=3
human kalaw '{ services.openssh.ports = [ 2222 ]; }'
wire "$HARMONIA" "" "port = 2222"
# shellcheck source=SCRIPTDIR/../lib/tunnel-lines.sh
. "$E2E/lib/tunnel-lines.sh"
check "whole: it is connected" connected pai
check "whole: every path is fetched" fetches whole
for line in HostName Port User HostKeyAlias UserKnownHostsFile ProxyUseFdpass IdentityFile; do
    without "/^    $line /d"
    check "without $line: no connection" fails
done
without '/^    LocalForward /d'
check "without LocalForward: nothing listens" not is_connected pai
without 's/ \/run\/harmonia\/socket$/ \/run\/other/'
connected pai
check "without the right socket: nothing is fetched" not fetches socket

# Another machine in its place, whose key somebody has noted under that name.
as_root kalaw sh -c 'mkdir /etc/ssh/old; mv /etc/ssh/ssh_host_ed25519_key* /etc/ssh/old; ssh-keygen -q -t ed25519 -N "" -C "" -f /etc/ssh/ssh_host_ed25519_key'
human pai "{ programs.ssh.knownHosts.larder-kalaw.publicKey = \"$(host_key kalaw)\"; }"
whole
renew
check "whole, another machine: no connection" fails
without '/^    GlobalKnownHostsFile /d'
check "without GlobalKnownHostsFile: another machine is let in" connected pai
human pai '{ }'
unpinned='s/^    UserKnownHostsFile .*/    UserKnownHostsFile \/dev\/null/'
without "$unpinned"
check "unpinned: no connection" fails
without "$unpinned; s/^    StrictHostKeyChecking yes/    StrictHostKeyChecking no/"
check "unpinned, without StrictHostKeyChecking: another machine is let in" connected pai
as_root kalaw sh -c 'mv /etc/ssh/old/* /etc/ssh/'
restart kalaw sshd

# Questions that nobody answers.
as_root kalaw mv /etc/ssh/authorized_keys.d/larder-cache /etc/ssh/aside
whole
tried() { grep -c "Failed \(password\|keyboard\)" "$BOX/kalaw/sshd.log"; }
before=$(tried)
renew
sleep 2
check "whole, refused: it tries nothing else" same $(($(tried) - before)) 0
without '/^    BatchMode /d'
sleep 2
check "without BatchMode: it does" at_least $(($(tried) - before)) 1
as_root kalaw mv /etc/ssh/aside /etc/ssh/authorized_keys.d/larder-cache

# A cache that says nothing, or stops.
frozen() { as_root kalaw sh -c "kill -$1 \$(cat /run/sshd.id)"; }
freeze() {
    restart kalaw sshd
    frozen STOP
    as_root pai pkill -x ssh
    forget_log
    tries_again pai
}
whole
freeze
check "whole, silent: given up" soon logged "banner exchange"
frozen CONT
without '/^    ConnectTimeout /d'
freeze
sleep 6
check "without ConnectTimeout: it waits" not logged "banner exchange"
frozen CONT
for line in ServerAliveInterval ServerAliveCountMax; do
    without "/^    $line /d"
    check "without $line: it is connected" connected pai
    vanish kalaw
    sleep 14
    check "without $line: nobody notices that the cache is gone" is_connected pai
    appear kalaw
done
whole
check "whole: it is connected again" connected pai
vanish kalaw
sleep 14
check "whole: it is noticed that the cache is gone" not is_connected pai
appear kalaw

# The port is somebody else's.
as_root pai pkill -x ssh
sleep 1
as_root pai sh -c "nc -lk 127.0.0.1 $(tunnel_port pai) >/dev/null 2>&1 & echo \$! >/run/nc.id"
forget_log
tries_again pai
ended() { logged "ended with"; }
check "whole, the port is taken: it ends, and says so" soon ended
without '/^    ExitOnForwardFailure /d'
sleep 2
check "without ExitOnForwardFailure: it does not end" not ended
as_root pai sh -c "kill \$(cat /run/nc.id)"

# The pause, and the words for it.
whole
refuse() {
    stop kalaw sshd
    as_root pai pkill -x ssh
    forget_log
    tries_again pai
}
refuse
check "whole: it says how long" soon logged "not asked for 45 s"
without '/ connect = import/,/^  };/{/^ +pause$/d}'
refuse
check "without handing it on: another time" soon logged "not asked for 60 s"
ends() { tunnel_log pai | grep -c "ended with"; }
without '/^      RestartSec = /d'
refuse
sleep 3
check "without RestartSec: it does not pause" at_least "$(ends)" 4
without '/^      Restart = /d'
refuse
start kalaw sshd
tries_again pai
sleep 3
check "without Restart: no second try" not is_connected pai
