# shellcheck shell=bash
# Builds, and what they did.
#
# Only input-addressed paths: content-addressed ones need no signature, so they
# would prove nothing. Each set of paths has a tag of its own and is new to all hosts.

COUNT=20 # paths in a set

closure() { # TAG: arguments for nix-build
    echo "/e2e/closure.nix --argstr tag $1 --argstr count $COUNT --no-out-link"
}

# Sets STATUS, TOOK (seconds), COPIED, BUILT of a build that may take LIMIT seconds.
LIMIT=120
builds() { # HOST root|alice TAG
    local began=$SECONDS runner=as_$2
    # shellcheck disable=SC2046
    "$runner" "$1" timeout -k 5 "$LIMIT" nix-build $(closure "$3") >"$LOG" 2>&1 </dev/null
    STATUS=$?
    TOOK=$((SECONDS - began))
    COPIED=$(grep -aEc "^copying path.*from '(ssh|http://127)" "$LOG")
    BUILT=$(grep -ac '^building ' "$LOG")
}

# Everything a host has to offer for a tag is there and signed.
has_built() { # HOST TAG
    # shellcheck disable=SC2046
    as_root "$1" nix-build $(closure "$2") >"$BOX/$1.build.log" 2>&1 || {
        cat "$BOX/$1.build.log"
        return 1
    }
}

# A cache that is away is waited for once. Within the minute nobody waits, and such a
# build takes what this machine needs for it, however busy it is.
waited() { # HOST TAG SECONDS: for which, at most, the last build waited
    local took=$TOOK
    builds "$1" alice "$2"
    all_built && at_most $((took - TOOK)) "$3"
}

all_copied() { same "$STATUS copied=$COPIED built=$BUILT" "0 copied=$COUNT built=0"; }
all_built() { same "$STATUS copied=$COPIED built=$BUILT" "0 copied=0 built=$COUNT"; }
