# What both halves share: the output is a list of answers:
#
#     =NAME    begins an answer
#      TEXT   a line of standard output
#     !TEXT    a line of standard error
#     ?CODE    how the command ended
#
# No private key is read but by ssh-keygen and nix, which print its public half.

LC_ALL=C
export LC_ALL
PATH=$PATH:/run/current-system/sw/bin:/run/wrappers/bin:/nix/var/nix/profiles/default/bin
PATH=$PATH:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
export PATH
# The daemon reads the system's settings and no others.
NIX_USER_CONF_FILES=/dev/null
export NIX_USER_CONF_FILES
unset NIX_CONFIG NIX_SSHOPTS NIX_REMOTE DISPLAY SSH_ASKPASS
umask 077
tmp=$(mktemp -d) || exit 2
trap 'chmod -R u+w "$tmp" 2>/dev/null; rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

within() { # SECONDS COMMAND...
    if command -v timeout >/dev/null; then timeout -k 2 "$@"; else shift && "$@"; fi
}

most=40000

# A URL may have a password in it, which stays here.
masked() { sed 's|\(https\{0,1\}://\)[^/?@ ]*@|\1…@|g'; }

ask() { # NAME COMMAND...
    echo "=$1"
    shift
    "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
    code=$?
    head -c "$most" "$tmp/out" | masked | sed 's/^/ /'
    # A last line without an end.
    [ -z "$(tail -c 1 "$tmp/out")" ] || echo
    head -c 40000 "$tmp/err" | masked | sed 's/^/!/'
    [ -z "$(tail -c 1 "$tmp/err")" ] || echo
    echo "?$code"
    return $code
}

new_nix() { nix --extra-experimental-features nix-command "$@"; }

# Some settings are secrets, and stay here: only these are ever printed.
settings() { # NAME|NAME...
    [ -e "$tmp/settings" ] ||
        { new_nix config show 2>/dev/null || new_nix show-config 2>/dev/null; } >"$tmp/settings"
    grep -E "^($1) =" "$tmp/settings"
}

who() {
    id -u
    uname -n
    nix --version
}
