# shellcheck shell=bash
# Each line of a client's tunnel is needed.
two_hosts
COUNT=3
human kalaw '{ services.openssh.ports = [ 2222 ]; }'
wire "$HARMONIA" "" "port = 2222"
fetches() { # TAG
    has_built kalaw "$1"
    builds pai alice "$1"
    [ "$STATUS $COPIED" = "0 $COUNT" ]
}
# It has ended once, and does not listen.
fails() { soon grep -q "ended with" <(tunnel_log pai) && ! is_connected pai; }
without() { # SED [MODULE]: on the client
    take_away "${2:-tunnel}" "$1"
    : >"$(root_of pai)/var/log/larder-tunnel-kalaw.log"
    switch pai >"$LOG" 2>&1 || { cat "$LOG"; exit 1; }
    restart kalaw sshd
    tries_again pai
}
whole() {
    fleet_sync
    switch pai || exit 1
}
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
restart kalaw sshd
tries_again pai
check "whole, another machine: no connection" fails
without '/^    GlobalKnownHostsFile /d'
check "without GlobalKnownHostsFile: another machine is let in" connected pai
human pai '{ }'
without 's/^    StrictHostKeyChecking yes/    StrictHostKeyChecking no/'
check "without StrictHostKeyChecking: another machine is let in" connected pai
as_root kalaw sh -c 'mv /etc/ssh/old/* /etc/ssh/'
restart kalaw sshd

# Questions that nobody answers.
as_root kalaw mv /etc/ssh/authorized_keys.d/larder-cache /etc/ssh/aside
whole
restart kalaw sshd
tried() { grep -c "Failed \(none\|password\|keyboard\)" "$BOX/kalaw/sshd.log"; }
before=$(tried)
tries_again pai
sleep 2
check "whole, refused: it tries nothing else" same $(($(tried) - before)) 0
without '/^    BatchMode /d'
sleep 2
check "without BatchMode: it does" at_least $(($(tried) - before)) 1
as_root kalaw mv /etc/ssh/aside /etc/ssh/authorized_keys.d/larder-cache

# A cache that says nothing, or stops.
frozen() { as_root kalaw sh -c "kill -$1 \$(cat /run/sshd.id)"; }
whole
restart kalaw sshd
frozen STOP
: >"$(root_of pai)/var/log/larder-tunnel-kalaw.log"
tries_again pai
check "whole, silent: given up" soon grep -q "banner exchange" <(tunnel_log pai)
frozen CONT
without '/^    ConnectTimeout /d'
restart kalaw sshd
frozen STOP
: >"$(root_of pai)/var/log/larder-tunnel-kalaw.log"
as_root pai pkill -x ssh
tries_again pai
sleep 6
check "without ConnectTimeout: it waits" not grep -q "banner exchange" <(tunnel_log pai)
frozen CONT
for line in ServerAliveInterval ServerAliveCountMax; do
    without "/^    $line /d"
    check "without $line: it is connected" connected pai
    vanish kalaw
    sleep 13
    check "without $line: nobody notices that the cache is gone" is_connected pai
    appear kalaw
done
whole
check "whole: it is connected again" connected pai
vanish kalaw
sleep 17
check "whole: it is noticed that the cache is gone" not is_connected pai
appear kalaw

# The port is somebody else's.
as_root pai sh -c "nc -lk 127.0.0.1 $(tunnel_port pai) >/dev/null 2>&1 & echo \$! >/run/nc.id"
: >"$(root_of pai)/var/log/larder-tunnel-kalaw.log"
tries_again pai
as_root pai pkill -x ssh
tries_again pai
ended() { grep -q "ended with" <(tunnel_log pai); }
check "whole, the port is taken: it ends, and says so" soon ended
without '/^    ExitOnForwardFailure /d'
sleep 2
check "without ExitOnForwardFailure: it does not end" not ended
as_root pai sh -c 'kill $(cat /run/nc.id)'

# The pause, and the words for it.
whole
stop kalaw sshd
: >"$(root_of pai)/var/log/larder-tunnel-kalaw.log"
as_root pai pkill -x ssh
tries_again pai
check "whole: it says how long" soon grep -q "not asked for 20 s" <(tunnel_log pai)
without '/ connect = import/,/^  };/{/^ +pause$/d}'
check "without handing it on: another time" soon grep -q "not asked for 60 s" <(tunnel_log pai)
ends() { grep -c "ended with" <(tunnel_log pai); }
without '/^      RestartSec = /d'
sleep 3
check "without RestartSec: it does not pause" at_least "$(ends)" 4
without '/^      Restart = /d'
start kalaw sshd
sleep 3
check "without Restart: no second try" not is_connected pai

# What becomes of it in Nix.
whole
check "whole: connected" connected pai
without '/^    substituters = \[ url \]/d'
check "without the substituter: nothing is fetched" not fetches substituter
without '/^    trusted-public-keys = /d'
connected pai
check "without the key: nothing is fetched" not fetches untrusted
without '/^    fallback = /d'
stop kalaw harmonia
has_built kalaw fallback
builds pai alice fallback
start kalaw harmonia
without 's/priority=\$\{toString priority\}/x=1/'
check "without the priority: it is not the inventory's" not as_root pai grep -q "127.0.0.1:[0-9]*?priority=30" /etc/nix/nix.conf
without '/^    wantedBy = /d'
check "without wantedBy: nobody starts it" not is_connected pai
without '/^      LoadCredential = /d'
check "without LoadCredential: no connection" fails
whole

# It runs as nobody, and may do little. (What systemd makes of each is systemd's.)
unit() { # SETTING
    as_root pai nix eval --no-write-lock-file --override-input nixpkgs path:/e2e/nixos --json \
        "git+file:///fleet#nixosConfigurations.pai.config.systemd.services.larder-tunnel-kalaw.$1" >"$LOG" 2>&1
}
has_it() { unit "serviceConfig.$1"; }
for setting in $(sed -nE '/serviceConfig = \{/,/^    \};/s/^      ([A-Z][A-Za-z]+) = .*/\1/p' "$FLEET/larder/tunnel.nix"); do
    check "whole: $setting" has_it "$setting"
    take_away tunnel "/^      $setting = /d"
    check "without it: none" not has_it "$setting"
    fleet_sync
done
ssh_user() { as_root pai sh -c 'ps -o user= -C ssh | head -n 1'; }
whole
connected pai
check "whole: ssh is not root's" not same "$(ssh_user)" root
