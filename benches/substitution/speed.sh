# shellcheck shell=bash
# How long it takes to fetch a closure from the cache: with the generated wiring by either
# engine, with the one by hand, and with tar over ssh, which is as fast as ssh can be. (What
# serves over HTTP stands in for harmonia, and has packed everything before.)
#
# One after another on each line, round after round, so that what else the machine
# does hurts all of them.
HERE=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=SCRIPTDIR/hosts.sh
. "$HERE/hosts.sh"

declare -A LINE=()

# A line of its own between a host and the LAN, instead of a cable.
line() { # HOST ROUND_TRIP_MS MBIT
    local ready=$BOX/$1.line
    if [ -n "${LINE[$1]:-}" ]; then
        kill "${LINE[$1]}"
        wait "${LINE[$1]}" 2>/dev/null
    else
        ip link del "to-$1"
    fi
    : >"$ready"
    "$HERE/slow-line" "$(echo "$2" | awk '{print $1 / 2}')" "$3" "to-$1" "far-$1" >"$ready" &
    LINE[$1]=$!
    soon grep -q ready "$ready"
    ip link set "far-$1" netns "${HOLDER[$1]}" name eth0
    ip link set "to-$1" txqueuelen 10000
    within "$1" ip link set eth0 txqueuelen 10000
    join "$1"
}

fetch() { # HOST
    as_root "$1" rm -rf /root/.cache/nix
    timed as_root "$1" timeout 600 nix-store --realise "$CLOSURE"
    same "$STATUS copied=$(grep -Ec "^copying path.*from '(ssh|http)" "$LOG")" "0 copied=$PATHS" || broken "$1"
    as_root "$1" nix-store --gc >/dev/null 2>&1
}

over_tar() { # HOST
    timed as_root "$1" bash -c "mkdir /tmp/all && ssh -i $IDENTITY root@kalaw.fritz.box \
        'xargs tar -cf - </tmp/closure' | tar -xf - -C /tmp/all"
    same "$STATUS copied=$(as_root "$1" sh -c 'ls /tmp/all/nix/store | wc -l')" "0 copied=$PATHS" || broken tar
    as_root "$1" rm -rf /tmp/all
}

# What the line really is, in milliseconds: how soon a port where nobody listens says
# so, at best. The first time also asks for the link address, and any may wait for a
# core.
round_trip() { # HOST
    nsenter --target "${HOLDER[$1]}" --net python3 -c '
import socket, sys, time
def refused():
    began = time.monotonic()
    socket.socket().connect_ex((sys.argv[1], 9))
    return time.monotonic() - began
print(f"{min(refused() for _ in range(10)) * 1000:.1f}")' "$(address kalaw)"
}

# pai's tunnel, to a server that compresses, or not.
fetch_through_tunnel() { # none|zstd
    restart_harmonia "$1"
    becomes harmonia
    fetch pai
}
restart_harmonia() { # none|zstd
    stop kalaw harmonia
    as_root kalaw rm -f /run/harmonia/socket
    HARMONIA_COMPRESSION=$1 start kalaw harmonia
    soon as_root kalaw test -S /run/harmonia/socket
}

round() { # ROUND_TRIP_MS MBIT
    local case="fetch, $1 ms" measured compression
    [ "$2" = 1000 ] || case="fetch, $1 ms, $2 Mbit/s"
    becomes ssh
    line pai "$1" "$2"
    line thazi "$1" "$2"
    measured="round trip $(round_trip pai) ms"
    over_tar thazi
    result "$case" "tar over ssh" "$SECONDS_TAKEN" "$measured"
    fetch thazi
    result "$case" "by hand" "$SECONDS_TAKEN"
    fetch pai
    result "$case" generated "$SECONDS_TAKEN"
    for compression in none zstd; do
        fetch_through_tunnel $compression
        result "$case" "generated, harmonia, $compression" "$SECONDS_TAKEN"
    done
}

three_hosts
all_paths
echo "$PATHS paths, $(as_root kalaw sh -c 'xargs du -sbc </tmp/closure' | awk 'END {print $1}') bytes"
for compression in none zstd; do fetch_through_tunnel $compression; done
for ((i = 0; i < RUNS; i++)); do
    for ms in $ROUND_TRIPS; do round "$ms" 1000; done
    [ -z "$SLOW" ] || round 10 "$SLOW"
done
