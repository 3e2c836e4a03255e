# shellcheck shell=bash
# That a cache is away is remembered for a minute and then forgotten, by root alone
# for root.
two_hosts
wire
for tag in first early late poisoned; do has_built kalaw $tag; done

stop kalaw sshd
builds pai alice first
check "away: built here" all_built
start kalaw sshd
builds pai alice early
check "back within the minute: still built here" all_built

sleep 61
builds pai alice late
check "after the minute: the cache is used again" all_copied

# A user's own ssh comes as far as the cache, too, without a place to remember.
check "a user's own ssh is refused by the cache alone" grep -q "Permission denied" <(
    as_alice pai ssh -o BatchMode=yes nix-ssh@kalaw.fritz.box 2>&1)

marker=larder-down-kalaw
check "a user cannot write what root remembers" not as_alice pai touch "/run/$marker" 2>/dev/null
own=/run/user/$(as_alice pai id -u)
as_root pai install -d -o alice "$own"
as_alice pai sh -c "echo \$(date +%s) away >'$own/$marker'"
builds pai root poisoned
check "what a user remembers does not stop root" all_copied
