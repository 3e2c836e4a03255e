# Which paths a client has, and which each of its caches; on a cache, what has their names.

most=4000000
listed() { echo "$paths" | tr ' ' '\n'; }

# As many at a time as a command line takes: each time is a login at a cache over ssh.
absent_from() { # STORE
    listed | within 600 xargs -n 2000 nix-store --store "$1" --check-validity --print-invalid
}

# PATH SIGNATURE... of what is there.
signatures_at() { # STORE
    listed | grep -Fvx -f "$tmp/absent" |
        within 600 xargs -r -n 2000 nix --extra-experimental-features nix-command path-info --sigs --store "$1"
}

# What is here under the same name, and another hash.
same_names() {
    listed | sed 's|^/nix/store/[^-]*-||' | sort -u >"$tmp/names"
    for entry in /nix/store/*; do
        echo "${entry##*/}"
    done | awk -v names="$tmp/names" '
        BEGIN { while ((getline line <names) > 0) wanted[line] = 1 }
        { name = $0; sub(/^[^-]*-/, "", name) }
        (name in wanted) && !(name in seen) { seen[name] = 1; print "/nix/store/" $0 }'
}

closure_at_client() {
    ask who who
    ask settings settings 'substituters|trusted-public-keys|require-sigs|substitute|always-allow-substitutes|system|extra-platforms'
    ask here absent_from daemon
    for url in $(settings substituters | sed 's/^[^=]*= *//'); do
        echo "=store"
        echo " $url" | masked
        echo "?0"
        if ask absent absent_from "$url"; then
            cp "$tmp/out" "$tmp/absent"
            ask signed signatures_at "$url"
        fi
    done
}

closure_at_cache() {
    ask who who
    ask settings settings 'system|extra-platforms'
    ask names same_names
}

"closure_at_$what"
