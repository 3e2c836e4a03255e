# shellcheck shell=bash
# What a cache whose packets vanish costs with the wiring by hand. With the kernel's
# own patience 50 paths take hours. So two things are measured: one path with that
# patience, and 50 paths with a patience of three seconds instead. Attempts are
# counted in both.
HERE=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=SCRIPTDIR/hosts.sh
. "$HERE/hosts.sh"

# Without `fallback` Nix 2.8 fails at once instead of waiting for every path.
waits() { # CASE PATHS
    local before
    COUNT=$2
    before=$(attempts)
    # shellcheck disable=SC2046
    timed as_root thazi nix-build $(closure "n$COUNT") --option fallback true
    same "$STATUS built=$(grep -ac '^building ' "$LOG")" "0 built=$2" || broken "the build"
    result "$2 paths, blackholed, $1" "by hand + fallback" "$SECONDS_TAKEN" "$(($(attempts) - before)) attempts"
}

# Connections that the host has begun.
# shellcheck disable=SC2016
attempts() { as_root thazi awk '/^Tcp: [0-9]/ {print $6}' /proc/net/snmp; }

patience() { # RETRIES
    within thazi sysctl -eqw net.ipv4.tcp_syn_retries="$1" net.ipv4.tcp_syn_linear_timeouts=0
}

three_hosts
vanish kalaw
case $PATIENCE in
own) waits "as the kernel is" 1 ;;
short) patience 1 && waits "3 s an attempt" 50 ;;
esac
