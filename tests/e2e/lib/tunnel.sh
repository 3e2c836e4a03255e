# shellcheck shell=bash
# The second engine: kalaw serves with harmonia, pai holds a connection to it.
#
# Debian has no harmonia. What stands in its place is a small HTTP server that does for a
# client what harmonia does: it listens on the socket that the configuration names, and hands
# out what is in the store, signed with the keys that the configuration names.

harmonia_up() { # HOST
    local holder=${HOLDER[$1]} root
    root=$(root_of "$1")
    # shellcheck disable=SC2016
    nsenter --target "$holder" --net --pid="/proc/$holder/ns/pid_for_children" setsid bash -c '
        echo $$ >"$1/run/harmonia.id"; exec python3 "$0" "$1" "$2"' "$E2E/lib/harmonia.py" "$root" "$holder"
}

# The engine in the inventory, as people write it.
HARMONIA='serve = "harmonia"'

tunnel_port() { # HOST
    as_root "$1" sed -nE 's/.*http:\/\/127.0.0.1:([0-9]+).*/\1/p' /etc/nix/nix.conf
}

# Whether a client has its connection: its end listens.
is_connected() { # HOST
    as_root "$1" sh -c "ss -ltnH | grep -q '127.0.0.1:$(tunnel_port "$1")'"
}
connected() { # HOST: soon
    local try
    for ((try = 0; try < 600; try++)); do
        is_connected "$1" && return
        sleep 0.05
    done
    tunnel_log "$1" | tail -n 5 | sed 's/^/          /'
    return 1
}

# sshd goes, and the connections that it has let in stay: they end.
hang_up() { # HOST
    as_root "$1" pkill -f 'sshd.*: larder-cache'
}

# The pause after a failure is over.
tries_again() { # HOST
    local pause try
    for pause in "$(root_of "$1")"/run/services/larder-tunnel-*.pause; do
        for ((try = 0; try < 60; try++)); do
            [ -e "${pause%.pause}.waits" ] && break
            sleep 0.05
        done
        echo 1<>"$pause"
    done
}

tunnel_log() { # HOST
    cat "$(root_of "$1")"/var/log/larder-tunnel-*.log
}

# What Nix has of it now, and not what it remembers from before.
builds_afresh() { # HOST root|alice TAG
    as_root "$1" rm -rf /root/.cache/nix
    builds "$@"
}
