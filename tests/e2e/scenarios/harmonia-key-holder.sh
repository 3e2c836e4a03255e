# shellcheck shell=bash
# What somebody can do who has the key of a client: fetch, and nothing else. With either
# engine, and one after the other as its control.
two_hosts
human kalaw '{ services.openssh.settings = { Subsystem = "sftp internal-sftp"; AllowTcpForwarding = true; }; }'
wire 'serve = ["ssh", "harmonia"]'
check "the client has its connection" connected pai
COUNT=2
OPTIONS="-F none -i /etc/ssh/ssh_host_ed25519_key -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o ExitOnForwardFailure=yes"
holder() { # ARGUMENT...
    # shellcheck disable=SC2086
    as_root pai timeout 6 ssh $OPTIONS "$@" </dev/null >"$LOG" 2>&1
}
gets_command() { holder "$1@kalaw.fritz.box" id; grep -q uid= "$LOG"; }
gets_terminal() { holder -tt "$1@kalaw.fritz.box" id; ! grep -qi "PTY allocation request failed" "$LOG"; }
gets_files() {
    # shellcheck disable=SC2086
    echo "ls /nix" | as_root pai timeout 6 sftp $OPTIONS -b - "$1@kalaw.fritz.box" >"$LOG" 2>&1
    grep -q store "$LOG"
}
gets_port() { holder -W 127.0.0.1:22 "$1@kalaw.fritz.box"; grep -q SSH-2.0 "$LOG"; }
gets_listener() { holder -N -o ServerAliveInterval=1 -R 7777:127.0.0.1:22 "$1@kalaw.fritz.box"; [ $? = 124 ]; }
# The socket of the Nix daemon takes paths, builds and empties the store for whoever reaches it.
gets_daemon() {
    as_root pai rm -f /run/daemon
    # shellcheck disable=SC2086
    as_root pai bash -c "timeout 6 ssh $OPTIONS -N -L /run/daemon:/nix/var/nix/daemon-socket/socket $1@kalaw.fritz.box </dev/null &
        sleep 2; echo written >/tmp/written; NIX_REMOTE=unix:///run/daemon timeout 3 nix-store --add /tmp/written" >"$LOG" 2>&1
}
gets_agent() { as_root pai ssh-agent timeout 6 ssh $OPTIONS -A "$1@kalaw.fritz.box" 'echo $SSH_AUTH_SOCK' </dev/null >"$LOG" 2>&1; grep -q /tmp "$LOG"; }
WAYS="command terminal files port listener daemon agent"
for user in larder-cache nix-ssh; do
    for way in $WAYS; do
        restart kalaw sshd
        check "$user: no $way" not "gets_$way" $user
    done
done
paths() { as_root kalaw sh -c 'ls /nix/store | wc -l'; }
before=$(paths)
as_root pai sh -c "nix-store --add /etc/hostname >/dev/null; nix --extra-experimental-features nix-command copy --to http://127.0.0.1:$(tunnel_port pai) \$(nix-store --add /etc/hostname)" >"$LOG" 2>&1
check "nothing can be put into the store" same "$(paths)" "$before"

# Each part of the line of a key keeps something from him.
part() { # WAY SED
    take_away harmonia "$2"
    switch kalaw
    restart kalaw sshd
    check "without $2: $1" "gets_$1" larder-cache
}
part terminal 's/restrict,port-forwarding/port-forwarding/'
part daemon 's/,permitopen=[^,]*:\*\\"//'
part port 's/,permitopen=[^,]*:\*\\"//'
part files 's/,command=[^,]*false\\"//'
take_away harmonia 's/restrict,port-forwarding/restrict/'
switch kalaw
restart kalaw sshd
hang_up kalaw
tries_again pai
has_built kalaw no-forwarding
builds pai alice no-forwarding
check "without port-forwarding: nothing is fetched" same "$COPIED" 0
