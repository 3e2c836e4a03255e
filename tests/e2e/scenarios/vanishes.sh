# shellcheck shell=bash
# A cache that vanishes in the middle of a path is given up, and the path is built.
two_hosts
wire
LIMIT=90

large="/e2e/large.nix --argstr tag"
as_root kalaw sh -c "nix-build $large one --no-out-link && nix-build $large two --no-out-link" >/dev/null 2>&1
within kalaw tc qdisc add dev eth0 root tbf rate 40mbit burst 64k latency 50ms

fetch() { # TAG
    local began=$SECONDS
    as_alice pai timeout -k 5 $LIMIT nix-build /e2e/large.nix --argstr tag "$1" --no-out-link >"$LOG" 2>&1
    STATUS=$?
    TOOK=$((SECONDS - began))
}
fetch one
check "control: a large path is fetched" grep -q "^copying path.*from 'ssh" "$LOG"
check "control: it takes a while" at_least "$TOOK" 5

{ sleep 3; vanish kalaw; } &
fetch two
check "vanished: it had begun to arrive" grep -q "^copying path.*from 'ssh" "$LOG"
check "vanished: the path is built here" same "$STATUS" 0
check "vanished: by a build" grep -q '^building ' "$LOG"
check "vanished: within half a minute" at_most "$TOOK" 30

appear kalaw
forget pai
mutate '/^ +ServerAlive/d'
as_root kalaw sh -c "nix-build $large three --no-out-link" >/dev/null 2>&1
{ sleep 3; vanish kalaw; } &
LIMIT=45
fetch three
check "nobody asks whether it is alive: still waiting" same "$STATUS" 124
