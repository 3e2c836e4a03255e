# shellcheck shell=bash
# A cache that exists elsewhere: a folder that a web server serves, at an address of its own.

ELSEWHERE=10.77.0.254

# The folder, its key, and a client of it. What is in it kalaw has built.
elsewhere_ready() {
    ip addr add "$ELSEWHERE/24" dev lan
    as_root kalaw nix-store --generate-binary-cache-key elsewhere-1 /e2e/elsewhere.secret /e2e/elsewhere.key
    mkdir -p "$BOX/e2e/elsewhere"
    # Of its own accord it would be asked first.
    printf 'StoreDir: /nix/store\nPriority: 10\n' >"$BOX/e2e/elsewhere/nix-cache-info"
    mode open
}

# A tag's paths in the cache elsewhere.
uploads() { # TAG
    # shellcheck disable=SC2046
    as_root kalaw bash -c "nix copy --to 'file:///e2e/elsewhere?secret-key=/e2e/elsewhere.secret' \$(nix-build $(closure "$1"))" \
        >"$BOX/upload.log" 2>&1
}

mode() { echo "$1" >"$BOX/web.mode"; }

web_up() { # PORT [CERTIFICATE [CA]]
    python3 "$E2E/lib/web.py" "$1" "$BOX/e2e/elsewhere" "$BOX/web.mode" "${@:2}" 2>>"$BOX/web.log" &
    WEB_ID=$!
    soon sh -c "ss -ltn | grep -q '$ELSEWHERE:$1 '"
}

web_down() {
    kill "$WEB_ID"
    wait "$WEB_ID" 2>/dev/null
}

# Its packets vanish: nothing is refused, nothing comes back.
web_vanishes() { within pai ip neigh replace "$ELSEWHERE" lladdr 02:00:00:00:00:01 dev eth0 nud permanent; }
web_appears() { within pai ip neigh del "$ELSEWHERE" dev eth0; }

# The inventory: pai is its client.
work() { # URL [EXTRA_FOR_CACHE [EXTRA_FOR_PAI]]
    cat >"$FLEET/larder.toml" <<TOML
version = 1

[hosts.pai]
module = "configuration-pai.nix"
host-key = "$(host_key pai)"
${3:-}

[caches.work]
url = "$1"
clients = ["pai"]
signing-key = "$(cat "$BOX/e2e/elsewhere.key")"
${2:-}
TOML
    fleet_sync
}

# What caches have answered is forgotten, as after a month.
fresh_memory() { as_root pai sh -c 'rm -f /root/.cache/nix/binary-cache-v*'; }

# As `builds`, of what a web server gives: sets FETCHED, too.
fetches() { # root|alice TAG
    fresh_memory
    builds pai "$1" "$2"
    FETCHED=$(grep -ac "^copying path.*from 'http" "$LOG")
}

all_fetched() { same "$STATUS fetched=$FETCHED built=$BUILT" "0 fetched=$COUNT built=0"; }

# The client without a line of its wiring, and whole again.
without() { # SED [MODULE]
    take_away "${2:-use-url}" "$1"
    switch pai || exit 1
}
whole() {
    fleet_sync
    switch pai || exit 1
}
