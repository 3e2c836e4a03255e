# shellcheck shell=bash
# `larder rotate` where harmonia serves: what is built is fetched between any two steps, and
# the machines are asked where this engine has the keys of clients and the pins.
two_hosts
wire "$HARMONIA"
rotate_ready kalaw pai
works() { # WHAT
    local tag=rotate$((NUMBER_OF++))
    has_built kalaw "$tag"
    connected pai
    builds pai alice "$tag"
    check "$1: what is built now is fetched" all_copied
}
waits() { # HOST ARGUMENT...: the next step is not taken yet
    in_fleet "$LARDER" --yes rotate "${@:2}" >"$LOG" 2>&1 </dev/null
    check "rotate ${*:2} waits for $1" grep -q "^help: .$1. " "$LOG"
}
has_built kalaw older
works "before"

step signing-key kalaw
becomes kalaw pai
step signing-key kalaw
waits pai signing-key kalaw
becomes pai kalaw
check "nothing is to be signed" not grep -q "sign --all" "$BOX/larder.log"
step signing-key kalaw
becomes pai kalaw
step signing-key kalaw
becomes kalaw pai
check "the old secret is not used" not as_root kalaw grep -q kalaw-1.secret /etc/harmonia.toml
builds pai alice older
check "what was built before is fetched with the new key" all_copied

step host-key kalaw
becomes kalaw pai
step host-key kalaw
waits pai host-key kalaw
becomes kalaw pai
check "both are pinned" same "$(as_root pai grep -c . /etc/ssh/larder-kalaw.known_hosts)" 2
step host-key kalaw
becomes kalaw pai
step host-key kalaw
becomes pai kalaw
check "one is pinned" same "$(as_root pai grep -c . /etc/ssh/larder-kalaw.known_hosts)" 1

step host-key pai
becomes pai
step host-key pai
waits kalaw host-key pai
becomes kalaw pai
step host-key pai
becomes kalaw pai
check "no login failed" not grep -q "Failed publickey\|Connection closed by authenticating" "$BOX/kalaw/sshd.log"
