# shellcheck shell=bash
# Two hosts that are each other's caches.
two_hosts
names kalaw "$(address pai)" pai.fritz.box
both() {
    inventory "
[caches.pai]
clients = [\"kalaw\"]
lan = true
signing-key = \"$(signing_key pai)\"" 'address = "pai.fritz.box"'
}
both
switch kalaw
switch pai
both
switch kalaw
switch pai

has_built kalaw from-kalaw
has_built pai from-pai
builds pai alice from-kalaw
check "pai fetches from kalaw" all_copied
builds kalaw alice from-pai
check "kalaw fetches from pai" all_copied

# Nobody has it, and both ask each other while they build.
LIMIT=60
for host in kalaw pai; do
    as_alice $host timeout -k 5 $LIMIT nix-build --no-out-link /e2e/closure.nix --argstr tag same --argstr count $COUNT \
        >"$BOX/$host.same.log" 2>&1 &
    eval "$host=$!"
done
# shellcheck disable=SC2154
wait "$kalaw"
check "both build the same at once: kalaw is done" same $? 0
# shellcheck disable=SC2154
wait "$pai"
check "both build the same at once: pai is done" same $? 0
