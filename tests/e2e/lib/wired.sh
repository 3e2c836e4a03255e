# shellcheck shell=bash
# The fleet that most scenarios start from: kalaw is pai's cache.

# Two hosts that know each other's names, nothing wired yet; and further ones that
# are in the flake.
two_hosts() { # HOST...
    host_up kalaw "$SERVER"
    host_up pai "$CLIENT"
    names pai "$(address kalaw)" kalaw.fritz.box
    names kalaw "$(address pai)" pai.fritz.box
    public_cache
    fleet_init kalaw pai "$@"
}

# What cache.nixos.org is elsewhere: a folder that every host sees, with a key of its
# own that every host trusts.
public_cache() {
    as_root kalaw nix-store --generate-binary-cache-key public-1 /e2e/public.secret /e2e/public.key
    sed -i "s|@publicKey@|$(cat "$BOX/e2e/public.key")|" "$BOX/e2e/nixos/modules.nix"
    printf 'StoreDir: /nix/store\nPriority: 40\n' >"$BOX/public/nix-cache-info"
}

# A tag's paths in the public cache.
publish() { # HOST TAG
    # shellcheck disable=SC2046
    as_root "$1" bash -c "nix copy --to 'file:///srv/public?secret-key=/e2e/public.secret' \$(nix-build $(closure "$2"))" \
        >"$BOX/publish.log" 2>&1
}

# The inventory of the mission, with what is appended to its tables.
inventory() { # [EXTRA_FOR_CACHE [EXTRA_FOR_PAI [EXTRA_FOR_KALAW]]]
    cat >"$FLEET/larder.toml" <<TOML
version = 1

[hosts.kalaw]
module = "configuration-kalaw.nix"
address = "kalaw.fritz.box"
host-key = "$(host_key kalaw)"
${3:-}

[hosts.pai]
module = "configuration-pai.nix"
host-key = "$(host_key pai)"
${2:-}

[caches.kalaw]
clients = ["pai"]
lan = true
signing-key = "$(signing_key kalaw)"
${1:-}
TOML
    fleet_sync
}

# The public half that the serving host has made, if it has.
signing_key() { # HOST
    cat "$(root_of "$1")/var/lib/larder/$1-1.public" 2>/dev/null || echo pending
}

# From nothing to a working cache, as people do it: the cache makes its signing key
# when it is switched to, the key is brought into the inventory, everyone switches.
wire() { # as inventory
    inventory "$@"
    switch kalaw || exit 1
    inventory "$@"
    switch kalaw && switch pai || exit 1
}

# Nix of the people who own a host: what stands in `human/HOST.nix` from now on.
human() { # HOST NIX
    echo "$2" >"$FLEET/human/$1.nix"
    fleet_commit "a change by hand"
}

# A change of a cache's file as `sync` would write it for a later inventory.
edit_cache() { # CACHE SED
    sed -i -E "$2" "$FLEET/larder/caches/$1.nix"
    fleet_commit "caches/$1.nix: $2"
}

# How often a host's sshd has let somebody in.
logins() { # HOST
    grep -c "Accepted publickey" "$BOX/$1/sshd.log"
}

# As after a reboot.
forget() { # HOST
    as_root "$1" sh -c 'rm -f /run/larder-*'
}

# An owned module without a line, or with another in its place. What went is noted,
# for the count that the run makes at its end.
take_away() { # MODULE SED
    local file=$FLEET/larder/$1.nix template
    fleet_sync
    case $1 in caches/*) template=$(kind_of_cache "$file") ;; hosts/*) template=host ;; *) template=$1 ;; esac
    # The fingerprint is no line of the template.
    grep -v '^# Fingerprint: ' "$file" >"$BOX/whole"
    sed -i -E "$2" "$file"
    grep -v '^# Fingerprint: ' "$file" >"$BOX/rest"
    ! diff --old-line-format='%dn ' --new-line-format='' --unchanged-line-format='' \
        "$BOX/whole" "$BOX/rest" >>"${LOGS:-$BOX}/taken.$template" || {
        echo "e2e: $2 changes nothing"
        exit 2
    }
    fleet_commit "without $2"
}

# A cache that a host serves, or one that exists elsewhere.
kind_of_cache() { # FILE
    if grep -q '^  url = ' "$1"; then echo external-cache; else echo cache; fi
}

# The wiring of clients without a line, on the client.
mutate() { # SED [MODULE]
    take_away "${2:-use}" "$1"
    switch pai || exit 1
    forget pai
}

mend() {
    fleet_sync
    switch pai || exit 1
    forget pai
}
