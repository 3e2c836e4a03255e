# shellcheck shell=bash
# Root file systems with a Nix and an OpenSSH each, from Debian's archive.
#
# bookworm has the oldest Nix that still matters (2.8) and OpenSSH 9.2; sid has the
# newest of both that Debian builds.

E2E_CACHE=${E2E_CACHE:-/var/cache/larder-e2e}
E2E_SUITES=(bookworm sid)

# The packages of this machine that the harness itself needs.
need_programs() {
    local program missing=()
    for program in mmdebstrap unshare nsenter ip git python3; do
        command -v "$program" >/dev/null || missing+=("$program")
    done
    [ ${#missing[@]} = 0 ] && return
    apt-get update -q
    apt-get install -y -q --no-install-recommends mmdebstrap util-linux iproute2 git python3
}

# The mirror that this machine is configured to use.
mirror() {
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null |
        sed -nE 's/^(URIs: *|deb +(\[[^]]*\] *)?)([^ ]*debian\/?)( .*)?$/\3/p' | head -n 1 | grep . ||
        echo http://deb.debian.org/debian
}

# One run fetches, others that need it too wait.
need_image() { # SUITE
    local root=$E2E_CACHE/$1 lock
    mkdir -p "$E2E_CACHE"
    exec {lock}>"$E2E_CACHE/$1.lock"
    flock "$lock"
    [ -d "$root" ] || fetch_image "$1" "$root"
    exec {lock}>&-
}

fetch_image() { # SUITE FOLDER
    local root=$2
    echo "fetching $1 from $(mirror)" >&2
    rm -rf "$root.new"
    # A mirror that lags behind is as good: what it has is signed all the same.
    mmdebstrap --quiet --variant=minbase --mode=root --aptopt='Acquire::Check-Valid-Until "false"' \
        --include=nix-bin,openssh-client,openssh-server,netcat-openbsd,git,ca-certificates,procps,iproute2,bsdutils \
        "$1" "$root.new" "$(mirror)" || {
        echo "e2e: Debian's $1 cannot be had: no scenario can run on its Nix" >&2
        exit 2
    }
    mv "$root.new" "$root"
}

image_version() { # SUITE PACKAGE: as in 2.34.8
    dpkg-query --admindir="$E2E_CACHE/$1/var/lib/dpkg" -W -f '${Version}' "$2" |
        sed -E 's/^[0-9]+://; s/[+~-].*//'
}
