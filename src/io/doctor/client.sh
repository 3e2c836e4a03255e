# On a client: what it is set up for, how a cache greets it, whether a path arrives.
#
# `look` opens one connection to each cache over ssh and logs in nowhere. `prove` logs in
# once, through the Nix daemon; with `offer=1` it offers the public key before, which logs
# in nowhere either, and goes on only if it is accepted. With `sample=1` the path is one that
# is here, and it is fetched past the daemon.

# What ssh would do for root, whose configuration the daemon's ssh reads.
ssh_settings() { # USER HOST PORT
    set -- -l "$1" ${3:+-p "$3"} -- "$2"
    [ "$(id -u)" = 0 ] || [ ! -r /etc/ssh/ssh_config ] || set -- -F /etc/ssh/ssh_config "$@"
    ssh -G "$@"
}

# The lines of the block that was made for the cache.
intended() {
    awk -v host="$host" '
        tolower($1) == "match" || tolower($1) == "host" {
            inside = 0
            for (i = 2; i <= NF; i++) {
                count = split($i, names, ",")
                for (j = 1; j <= count; j++) if (names[j] == host) inside = 1
            }
            next
        }
        inside && NF > 1 && $1 !~ /^#/ { sub(/^[ \t]+/, ""); print }' /etc/ssh/ssh_config
}

value() { # KEYWORD: of the settings of ssh
    sed -n "s/^$1 //p" "$tmp/ssh" | head -n 1
}

# Takes a store URL apart.
take_apart() { # URL
    rest=${1#*://}
    query=
    case $rest in *\?*) query=${rest#*\?} ;; esac
    rest=${rest%%\?*}
    rest=${rest%/}
    user=
    case $rest in *@*) user=${rest%@*} ;; esac
    host=${rest##*@}
    port=
    case $host in
    \[*\]:*) port=${host##*:} host=${host%]:*} host=${host#?} ;;
    \[*\]) host=${host#?} host=${host%?} ;;
    *:*:*) ;;
    *:*) port=${host##*:} host=${host%:*} ;;
    esac
    [ -n "$user" ] || user=$(id -un)
}

parameter() { # NAME: of the query
    echo "$query" | tr '&' '\n' | sed -n "s/^$1=//p" | tail -n 1
}

identity_files() {
    key=$(parameter ssh-key)
    if [ -n "$key" ]; then echo "$key"; else sed -n 's/^identityfile //p' "$tmp/ssh"; fi |
        sed "s|^~/|$HOME/|"
}

# The state of a private key, without a byte of it.
identity() { # FILE
    echo "$1"
    if [ ! -e "$1" ]; then
        if [ -x "$(dirname "$1")" ] || [ ! -e "$(dirname "$1")" ]; then echo missing; else echo hidden; fi
        return
    fi
    stat -L -c 'mode %a
owner %U' "$1"
    [ -s "$1" ] || echo empty
    if [ -r "$1" ]; then
        head -n 1 "$1" | {
            read -r first || :
            case $first in
            *PRIVATE\ KEY-----*) echo 'kind private' ;;
            *-cert-v0*) echo 'kind certificate' ;;
            ssh-* | ecdsa-* | sk-*) echo 'kind public' ;;
            *) echo 'kind other' ;;
            esac
        }
        # A copy, for ssh-keygen refuses a key that others can read.
        cat "$1" >"$tmp/copy"
        if ssh-keygen -y -P '' -f "$tmp/copy" >"$tmp/public" 2>/dev/null </dev/null; then
            echo "public $(cut -d ' ' -f 1,2 "$tmp/public")"
        fi
        rm -f "$tmp/copy"
    else
        echo unread
        [ ! -r "$1.pub" ] || echo "public $(cut -d ' ' -f 1,2 "$1.pub")"
    fi
}

# The keys under which a cache is pinned, as ssh finds them.
pins() {
    pinned=$(value hostkeyalias)
    if [ -z "$pinned" ]; then
        pinned=$(value hostname)
        [ "$(value port)" = 22 ] || pinned="[$pinned]:$(value port)"
    fi
    files=$(value globalknownhostsfile)
    [ "$(id -u)" != 0 ] || files="$files $(value userknownhostsfile)"
    for file in $files; do
        case $file in \~/*) file=$HOME/${file#??} ;; esac
        [ -r "$file" ] && ssh-keygen -F "$pinned" -f "$file" | sed "/^#/d; s|^@|$file @|; t; s|^[^ ]*|$file|"
    done
    given=$(parameter base64-ssh-public-host-key | sed 's/%3[dD]/=/g; s/%2[bB]/+/g; s|%2[fF]|/|g')
    [ -z "$given" ] || echo "$1 $(echo "$given" | base64 -d)"
}

# A conversation with a cache's sshd. It is our own, without the configuration, so that no
# key but a public one can be used; and without larder's connector, which remembers.
talk() { # OPTION...
    through=$(value proxycommand)
    fdpass=$(value proxyusefdpass)
    case "$fdpass $through" in yes*larder-connect*) through=none fdpass=no ;; esac
    [ -n "$through" ] || through=none
    [ -n "$fdpass" ] || fdpass=no
    jump=$(value proxyjump)
    [ -z "$jump" ] || [ "$jump" = none ] || through="ssh -W [%h]:%p ${jump%,*}"
    for keyword in hostkeyalias hostkeyalgorithms pubkeyacceptedalgorithms; do
        found=$(value $keyword)
        [ -z "$found" ] || set -- "$@" -o "$keyword=$found"
    done
    within 20 ssh -v -F /dev/null -T -l "$user" -p "$(value port)" \
        -o ProxyCommand="$through" -o ProxyUseFdpass="$fdpass" -o BatchMode=yes -o ConnectTimeout=3 \
        -o StrictHostKeyChecking=yes -o UpdateHostKeys=no -o IdentityAgent=none -o IdentitiesOnly=yes \
        -o PreferredAuthentications=publickey "$@" -- "$(value hostname)" true
}

# As far as the host key, which is then not accepted.
greet() {
    # As ssh prefers the types of the keys that it knows.
    types=$(sed -n 's/^[^ ]* \([a-z][^ ]*\) .*/\1/p' "$tmp/pins" | sed 's/^ssh-rsa$/rsa-sha2-512,rsa-sha2-256/' | tr '\n' ,)
    set --
    [ -z "$types" ] || set -- -o "HostKeyAlgorithms=^${types%,}"
    talk "$@" -o UserKnownHostsFile=/dev/null -o GlobalKnownHostsFile=/dev/null -o IdentityFile=none
}

# As far as the answer to a public key: the private half is not there.
offer() { # PUBLIC_KEY
    echo "$1" >"$tmp/offered"
    name=$(value hostkeyalias)
    [ -n "$name" ] || name=$(value hostname)
    [ -n "$(value hostkeyalias)" ] || [ "$(value port)" = 22 ] || name="[$name]:$(value port)"
    pins "$url" | sed "s|^[^ ]*|$name|" >"$tmp/known"
    talk -o UserKnownHostsFile="$tmp/known" -o GlobalKnownHostsFile=/dev/null -o IdentityFile="$tmp/offered"
}

# What a connector has noted: the file, its age, its first line.
memory() {
    now=$(date +%s)
    for file in /run/larder-* /run/larder/*; do
        [ -f "$file" ] || continue
        echo "$(stat -c "$now %Y" "$file" | { read -r at since; echo $((at - since)); }) $file $(head -n 1 "$file" | head -c 200)"
    done
}

known='substituters|trusted-public-keys|trusted-substituters|trusted-users|require-sigs|substitute|system|max-jobs|fallback|netrc-file'

# The substituters of the user's own settings that the daemon does not take from them.
ignored() {
    [ "$(id -u)" != 0 ] || return 0
    for word in $(settings trusted-users | sed 's/^[^=]*= *//'); do
        case $word in
        \* | "$(id -un)") return 0 ;;
        @*) case " $(id -Gn) " in *" ${word#@} "*) return 0 ;; esac ;;
        esac
    done
    taken=$(settings 'substituters|trusted-substituters' | sed 's/^[^=]*= *//' | tr '\n' ' ')
    own=$(
        unset NIX_USER_CONF_FILES
        { new_nix config show 2>/dev/null || new_nix show-config 2>/dev/null; } | sed -n 's/^substituters = //p'
    )
    for url in $own; do
        case " $taken " in *" $url "* | *" $url/ "* | *" ${url%/} "*) ;; *) echo "$url" ;; esac
    done
}

look() {
    ask who who
    ask settings settings "$known"
    ask ignored ignored
    ask memory memory
    ask space df -Pk /nix/store
    for url in $(settings substituters | sed 's/^[^=]*= *//'); do
        case $url in
        ssh://* | ssh-ng://*)
            echo "=link"
            echo " $url"
            echo "?0"
            take_apart "$url"
            ask ssh ssh_settings "$user" "$host" "$port"
            cp "$tmp/out" "$tmp/ssh"
            ask intended intended
            identity_files | sort -u | while read -r file; do ask identity identity "$file"; done
            ask pins pins "$url"
            cp "$tmp/out" "$tmp/pins"
            ask greeting greet
            ;;
        # The end of a tunnel to a cache of the fleet.
        http://127.0.0.1:*) look_web "$url" ;;
        http://* | https://*) [ -n "$no_web" ] || look_web "$url" ;;
        esac
    done
}

signature_names() {
    sed -n 's/.*"signatures":\[\([^]]*\)\].*/\1/p' "$tmp/info" | tr ',' '\n' | sed 's/^"\([^:]*\):.*/\1/'
}

# The path again, from this machine's own store into an empty one: with the keys that this
# machine trusts, or without those that have signed it.
control() { # KEYS
    scratch=$(mktemp -d "$tmp/store.XXXXXX")
    trusted=$(parameter trusted)
    within 20 nix-store --store "$scratch" --realise "$path" -j0 \
        --option substituters "daemon${trusted:+?trusted=$trusted}" --option trusted-public-keys "$1"
}

keys_without() { # NAME...
    for key in $(settings trusted-public-keys | sed 's/^[^=]*= *//'); do
        kept=yes
        for one; do [ "${key%%:*}" != "$one" ] || kept=no; done
        [ $kept = no ] || printf '%s ' "$key"
    done
}

prove() {
    if [ -n "$sample" ]; then
        prove_sample
        return
    fi
    take_apart "$url"
    : >"$tmp/ssh"
    case $url in http*) ;; *) ssh_settings "$user" "$host" "$port" >"$tmp/ssh" 2>/dev/null </dev/null ;; esac
    if [ -n "$offered" ]; then
        ask offer offer "$offered"
        grep -q 'Server accepts key' "$tmp/err" || return
    fi
    [ -n "$path" ] || return
    ask before nix-store --check-validity "$path"
    if ask realise within 30 env NIX_REMOTE=daemon nix-store --realise "$path" -j0; then
        ask info new_nix path-info --json "$path" && cp "$tmp/out" "$tmp/info"
        ask trusted control "$(keys_without)"
        # shellcheck disable=SC2046
        ask untrusted control "$(keys_without $(signature_names))"
        [ "$keep" = 1 ] || ask delete nix-store --delete "$path"
    else
        case $url in
        http://* | https://*) explain_web ;;
        *)
            [ "$(id -u)" != 0 ] || ask direct within 30 nix --extra-experimental-features nix-command \
                path-info --json --store "$url" "$path"
            ;;
        esac
        ask journal journalctl -u nix-daemon -o cat --since -30s -n 40
        ask space df -Pk /nix/store
    fi
}

if ! command -v nix >/dev/null; then
    ask who who
    exit 0
fi
$what
