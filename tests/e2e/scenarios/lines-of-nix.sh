# shellcheck shell=bash
# Each line of the client's Nix is needed: without it the cache is of no use, or
# hurts when it is off.
two_hosts
wire "priority = 41"

for tag in whole url key pin; do has_built kalaw $tag; done
builds pai alice whole
check "whole: every path is fetched" all_copied

mutate '/^    substituters = /d'
builds pai alice url
check "no substituter: nothing is fetched" all_built

mutate '/trusted-public-keys = signingKeys/d'
builds pai alice key
check "no trusted key: nothing is believed" all_built
check "no trusted key: Nix says so" grep -q "not signed by any of the keys" "$LOG"

mutate 's/\) hostKeys$/) [ ]/'
builds pai root pin
check "no pin: nobody is talked to" all_built
check "no pin: ssh says so" grep -q "Host key verification failed" "$LOG"

# Asked last, as on a line that is slow: that is where every version fails.
stop kalaw sshd
mend
builds pai alice off
check "whole, cache off: everything is built here" all_built
mutate 's/fallback = lib.mkDefault true/fallback = false/'
builds pai alice off-again
check "no fallback, cache off: the build fails" not same "$STATUS" 0
