# shellcheck shell=bash
# A key changes: one call of `larder rotate` after the other, with a look at what is built now
# and what was built before.

# Whoever administers the hosts knows that host keys change.
rotate_ready() { # HOST...
    admin_ready "$@"
    sed -i '1i StrictHostKeyChecking no\nUserKnownHostsFile /dev/null' "$ADMIN/config"
    PATH=$ADMIN/bin:$PATH
}

# Each look is at something new.
NUMBER_OF=0
works() { # WHAT
    local tag=rotate$((NUMBER_OF++))
    has_built kalaw "$tag"
    builds pai alice "$tag"
    check "$1: what is built now is fetched" all_copied
}

step() { # ARGUMENT...: one call, and a look before any machine has been switched
    larder rotate "$@" || exit 1
    local what=${*:3}
    works "rotate $1 $2 ${what:0:11}, nobody switched"
}

becomes() { # HOST...
    local host
    for host; do
        switch "$host" || exit 1
        works "then $host is switched"
    done
}

public_of() { cut -d ' ' -f 1,2 "$(root_of "$1")$2.pub"; }
