# shellcheck shell=bash
# The fleet's repository, and hosts that become what it says.

FLEET=$BOX/fleet

LARDER=${LARDER:-$E2E/../../target/debug/larder}

# Programs that see nothing of this machine's user.
in_fleet() { env -i PATH="$PATH" HOME="$BOX" "$1" -C "$FLEET" "${@:2}"; }
fleet_git() { in_fleet git "$@"; }

# larder as people use it. What it says is shown if it fails.
larder() { # ARGUMENT...
    in_fleet "$LARDER" --yes "$@" >"$BOX/larder.log" 2>&1 </dev/null || {
        echo "larder $*:"
        cat "$BOX/larder.log"
        return 1
    }
}

# The repository of the mission: two hosts, one flake. Further hosts by name.
fleet_init() { # HOST...
    local host
    cp -r "$E2E/fleet/." "$FLEET"
    for host; do
        sed "s/@host@/$host/g" "$E2E/fleet/configuration.nix" >"$FLEET/configuration-$host.nix"
        mkdir -p "$FLEET/human"
        echo '{ }' >"$FLEET/human/$host.nix"
        sed -i "s|^      # hosts\$|      $host = host ./configuration-$host.nix;\n&|" "$FLEET/flake.nix"
    done
    rm "$FLEET/configuration.nix"
    fleet_git init -q
    fleet_git config user.name e2e
    fleet_git config user.email e2e@example.org
    fleet_commit "the fleet"
}

fleet_commit() { # MESSAGE
    fleet_git add -A
    fleet_git commit -q --allow-empty -m "$1"
}

# Makes the repository say what larder.toml says. What a scenario has done to owned
# modules is undone before: larder would not write over it.
fleet_sync() {
    if [ -n "${SYNCED:-}" ]; then
        fleet_git checkout -q "$SYNCED" -- larder
        fleet_git commit -q --allow-empty -m "as larder wrote it" -- larder
    fi
    larder sync || exit 1
    SYNCED=$(fleet_git rev-parse HEAD)
}

host_key() { # HOST: `type blob`
    cut -d ' ' -f 1,2 "$(root_of "$1")/etc/ssh/ssh_host_ed25519_key.pub"
}

# Builds the system of a host, evaluated from the flake by its own Nix.
build_system() { # HOST [OPTION...]
    as_root "$1" nix build --profile $SYSTEM --no-write-lock-file --option substitute false "${@:2}" \
        --override-input nixpkgs path:/e2e/nixos \
        "git+file:///fleet#nixosConfigurations.$1.config.system.build.toplevel"
}
SYSTEM=/nix/var/nix/profiles/system

# What `nixos-rebuild switch` does: build, activate, restart what has changed.
switch() { # HOST
    build_system "$1" >"$BOX/$1.switch.log" 2>&1 || {
        cat "$BOX/$1.switch.log"
        return 1
    }
    activate "$1"
}

# Activation and the services, as at a switch. What units write is in the log too.
activate() { # HOST
    as_root "$1" $SYSTEM >"$BOX/$1.activate.log" 2>&1 || return
    as_root "$1" $SYSTEM nix-daemon >>"$BOX/$1.activate.log" 2>&1
    restart "$1" nix-daemon
    stop "$1" harmonia
    as_root "$1" $SYSTEM multi-user >>"$BOX/$1.activate.log" 2>&1
    if as_root "$1" test -e /etc/ssh/sshd_config; then restart "$1" sshd; fi
    if as_root "$1" test -e /etc/harmonia.toml; then start "$1" harmonia; fi
}

# What systemd does at boot: the socket is there first, and its first client starts the
# daemon. What is mounted later has gone, and what was in /run.
boot() { # HOST
    stop "$1" sshd
    stop "$1" nix-daemon
    # shellcheck disable=SC2016
    as_root "$1" sh -c 'rm -rf /run/larder /run/failed; while umount /var/lib/larder 2>/dev/null; do :; done'
    as_root "$1" $SYSTEM >"$BOX/$1.activate.log" 2>&1 || return
    for stage in socket nix-daemon; do
        as_root "$1" $SYSTEM $stage >>"$BOX/$1.activate.log" 2>&1
    done
    start "$1" nix-daemon
    as_root "$1" $SYSTEM multi-user >>"$BOX/$1.activate.log" 2>&1
    if as_root "$1" test -e /etc/ssh/sshd_config; then start "$1" sshd; fi
}
