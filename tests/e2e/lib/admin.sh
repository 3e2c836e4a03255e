# shellcheck shell=bash
# The person who types: at a machine of the same network, known to the hosts by an ssh key.
# Their ssh has seen the hosts. Nobody asks for a password here, so sudo is easy.

ADMIN=$BOX/admin

admin_ready() { # HOST...
    local host
    ip addr add 10.77.0.254/24 dev lan
    mkdir -p "$ADMIN/bin" "$BOX/.ssh"
    ssh-keygen -q -t ed25519 -N '' -C '' -f "$ADMIN/id"
    cp /etc/hosts "$ADMIN/hosts"
    for host; do
        as_root "$host" sh -c 'mkdir -p /root/.ssh && cat >>/root/.ssh/authorized_keys' <"$ADMIN/id.pub"
        as_root "$host" sh -c 'printf "#!/bin/sh\nexec \"\$@\"\n" >/usr/bin/sudo && chmod 755 /usr/bin/sudo'
        echo "$host.fritz.box $(host_key "$host")" >>"$BOX/.ssh/known_hosts"
        echo "$(address "$host") $host $host.fritz.box" >>"$ADMIN/hosts"
        printf 'Host %s %s.fritz.box\nHostKeyAlias %s.fritz.box\n' "$host" "$host" "$host" >>"$ADMIN/config"
    done
    mount --bind "$ADMIN/hosts" /etc/hosts
    cat >>"$ADMIN/config" <<CONFIG
Host *
User root
IdentityFile $ADMIN/id
IdentitiesOnly yes
UserKnownHostsFile $BOX/.ssh/known_hosts
GlobalKnownHostsFile /dev/null
CONFIG
    printf '#!/bin/sh\nexec /usr/bin/ssh -F %s "$@"\n' "$ADMIN/config" >"$ADMIN/bin/ssh"
    printf '#!/bin/sh\nexec %s "$@"\n' "$(readlink -f "$LARDER")" >"$ADMIN/bin/larder"
    chmod 755 "$ADMIN"/bin/*
}

LARDER_RUNS=0 SWITCHES=0
types() { # LOG [TEXT KEYS]... -- COMMAND...: in the repository, at a terminal
    (cd "$FLEET" && env -i PATH="$ADMIN/bin:$PATH" HOME="$BOX" TERM=dumb LANG=C.UTF-8 \
        python3 "$E2E/lib/terminal.py" "$@")
}

# One command of a printed step.
follow() { # COMMAND
    case $1 in
    "sudo nixos-rebuild switch --flake .#"*)
        SWITCHES=$((SWITCHES + 1))
        switch "${1##*#}"
        ;;
    # One command for many, to be typed on each. What is no more than an sshd has nothing to
    # switch.
    "sudo nixos-rebuild switch --flake .")
        local host
        for host in "${EACH[@]}"; do
            SWITCHES=$((SWITCHES + 1))
            [ -z "${HOLDER[$host]:-}" ] || switch "$host" || return
        done
        ;;
    # The proof at the end, which changes nothing.
    "larder doctor "*) types "$ADMIN/doctor.log" -- bash -c "$1" ;;
    "larder "*)
        LARDER_RUNS=$((LARDER_RUNS + 1))
        types "$ADMIN/log" "apply these changes?" y -- bash -c "$1"
        ;;
    *) types "$ADMIN/other.log" -- bash -c "$1" ;;
    esac
}

# The commands below `next:`, in order, each without the machine that it is for.
printed() { # LOG
    sed -n '/^next:/,$p' "$1" | sed -n 's/^       //p' | sed 's/  # on .*//' | tr -d '\r'
}
