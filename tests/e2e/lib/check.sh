# shellcheck shell=bash
# What a scenario claims, and whether it holds.

FAILED=0

check() { # WHAT COMMAND...: holds if the command succeeds
    local what=$1
    shift
    if "$@"; then
        echo "  ok      $what"
    else
        echo "  FAILED  $what"
        FAILED=$((FAILED + 1))
        grep -av "^building\|^copying" "$LOG" 2>/dev/null | head -n 8 | sed 's/^/          | /'
    fi
}

not() { ! "$@"; }

same() { # ACTUAL EXPECTED
    [ "$1" = "$2" ] || { echo "          got \`$1\` and not \`$2\`"; return 1; }
}

at_most() { # ACTUAL LIMIT: seconds, or a count
    [ "$1" -le "$2" ] || { echo "          got $1, more than $2"; return 1; }
}

at_least() { # ACTUAL LIMIT
    [ "$1" -ge "$2" ] || { echo "          got $1, less than $2"; return 1; }
}
