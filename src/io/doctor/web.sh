# The caches over http(s), for the client's half. They are asked anew: what Nix remembers
# of earlier answers is left aside.

# The substituter with its password, which only this machine knows.
private_url() { # URL as it was printed
    for one in $(settings substituters | sed 's/^[^=]*= *//'); do
        if [ "$(echo "$one" | masked)" = "$1" ]; then echo "$one" && return; fi
    done
    echo "$1"
}

anew() { # COMMAND...
    within 30 env XDG_CACHE_HOME="$tmp/cache" "$@" --option connect-timeout 5 --option download-attempts 1
}

# A file of a cache, as text, by the same library and the same netrc as Nix has.
download() { # URL
    file=$(anew nix-prefetch-url --store "$tmp/downloads" --print-path "$1" | tail -n 1)
    [ -n "$file" ] && cat "$tmp/downloads$file"
}

# How far a connection comes; for curl all failures are one.
dial() { # URL
    authority=${1#*://}
    authority=${authority%%[/?]*}
    authority=${authority##*@}
    case $1 in https:*) port=443 ;; *) port=80 ;; esac
    case $authority in
    \[*\]:*) port=${authority##*:} authority=${authority%]:*} authority=${authority#?} ;;
    \[*\]) authority=${authority#?} authority=${authority%?} ;;
    *:*) port=${authority##*:} authority=${authority%:*} ;;
    esac
    within 10 ssh -v -F /dev/null -T -o BatchMode=yes -o ConnectTimeout=5 -p "$port" -l nobody -- "$authority" true
}

# What the netrc file has for a host, without a word of it.
netrc() { # URL
    file=$(settings netrc-file | sed 's/^[^=]*= *//')
    authority=${1#*://}
    authority=${authority%%[/?]*}
    authority=${authority##*@}
    echo "$file"
    if [ ! -e "$file" ]; then
        if [ -x "$(dirname "$file")" ] || [ ! -e "$(dirname "$file")" ]; then echo missing; else echo hidden; fi
    elif [ ! -r "$file" ]; then
        echo unread
    else
        tr -s ' \t\r\n' '\n' <"$file" | awk -v host="${authority%%:*}" '
            $0 == "machine" || $0 == "default" {
                inside = $0 == "default"
                wanted = $0 == "machine"
                if (inside) found = 1
                next
            }
            wanted { wanted = 0; inside = $0 == host; if (inside) found = 1; next }
            inside && $0 == "login" { login = 1 }
            inside && $0 == "password" { password = 1 }
            END { print !found ? "none" : login && password ? "entry" : login ? "no-password" : "no-login" }'
    fi
}

# Small paths without references that others have signed: of each signer a few.
samples() {
    [ -e "$tmp/samples" ] || {
        list_signed /run/current-system /nix/var/nix/profiles/system "$(readlink -f "$(command -v nix)")" >"$tmp/signed"
        [ -s "$tmp/signed" ] || list_signed --all >"$tmp/signed"
        sort -n "$tmp/signed" | awk '{ if (count[$2]++ < 12) print $2, $3 }' | while read -r signer path; do
            nix-store -q --references "$path" | grep -qFvx "$path" || echo "$signer $path"
        done | awk '{ if (count[$1]++ < 4) print $2 }' >"$tmp/samples"
    } 2>/dev/null </dev/null
    cat "$tmp/samples"
}

# SIZE SIGNER PATH of what was not built here, and is known by its signature alone.
list_signed() { # ROOT...
    for root; do
        if [ "$root" = --all ]; then
            set -- --all
        elif [ -e "$root" ]; then
            set -- -r "$root"
        else
            continue
        fi
        within 20 nix --extra-experimental-features nix-command path-info -s --sigs "$@"
    done | awk '$2 < 1000000 {
        signer = ""
        for (i = 3; i <= NF; i++) {
            if ($i == "ultimate" || $i ~ /^ca:/) next
            if (signer == "") signer = substr($i, 1, index($i, ":") - 1)
        }
        if (signer != "") print $2, signer, $1
    }' | sort -u
}

# A path of this machine that the cache has as well.
sample() { # URL
    for path in $(samples); do
        if anew nix --extra-experimental-features nix-command path-info --store "$1" "$path" >/dev/null 2>&1; then
            echo "$path"
            return
        fi
    done
    return 1
}

# The unit that holds the connection behind a port of this machine, and what it says.
tunnel() { # URL
    port=${1#http://127.0.0.1:}
    for unit in /etc/systemd/system/larder-tunnel-*.service; do
        [ -r "$unit" ] || continue
        config=$(sed -n 's/^ExecStart=.* -F \([^ ]*\) .*/\1/p' "$unit")
        grep -q "LocalForward 127.0.0.1:${port%%[/?]*} " "$config" || continue
        name=${unit##*/}
        echo "${name%.service}"
        journalctl -u "${name%.service}" -o cat --since -5min -n 30
    done
}

look_web() { # URL
    echo "=web"
    echo " $1" | masked
    echo "?0"
    base=${1%%\?*}
    if ask webinfo download "${base%/}/nix-cache-info"; then
        ask sample sample "$1"
        [ -z "$path" ] || ask has anew nix --extra-experimental-features nix-command path-info --store "$1" "$path"
    else
        ! grep -q ' (7)\| (28)' "$tmp/err" || ask dial dial "$1"
        case $1 in http://127.0.0.1:*) ask tunnel tunnel "$1" ;; esac
        # As Nix itself asks, with a certificate that may be in the URL.
        ask store anew nix --extra-experimental-features nix-command store ping --store "$1"
    fi
    ask netrc netrc "$1"
}

# Into an empty store, from this cache alone; so a path that is here can be fetched again.
fetch_anew() { # KEYS
    scratch=$(mktemp -d "$tmp/store.XXXXXX")
    anew nix-store --store "$scratch" --realise "$path" -j0 \
        --option substituters "$real" --option trusted-public-keys "$1"
}

ask_directly() {
    ask direct anew nix --extra-experimental-features nix-command path-info --json --store "$real" "$path"
    cp "$tmp/out" "$tmp/info"
}

# The daemon's memory of answers has the path: a file with its hash. Only root can read it.
narinfo_memory() { # HASH
    [ "$(id -u)" = 0 ] || return 2
    for file in /root/.cache/nix/binary-cache-v*.sqlite* /var/cache/nix/binary-cache-v*.sqlite* /var/cache/nix/nix/binary-cache-v*.sqlite*; do
        [ ! -f "$file" ] || ! grep -aqF "$1" "$file" || echo "$file"
    done
}

# A path that is here already: as far as trust and fetch go, past the daemon.
prove_sample() {
    real=$(private_url "$url")
    ask_directly
    ask realise fetch_anew "$(keys_without)"
    # shellcheck disable=SC2046
    ask untrusted fetch_anew "$(keys_without $(signature_names))"
}

# Why the daemon has not fetched a path.
explain_web() {
    real=$(private_url "$url")
    ask_directly
    hash=${path##*/}
    hash=${hash%%-*}
    base=${real%%\?*}
    ask narinfo download "${base%/}/$hash.narinfo"
    ask verified anew nix --extra-experimental-features nix-command store verify --store "$real" \
        --no-contents --sigs-needed 1 "$path"
    ask remembered narinfo_memory "$hash"
}
