# shellcheck shell=bash
# Priorities: on a LAN the cache is asked first, over a slow line after the public one.
two_hosts
wire
for tag in lan far; do
    has_built kalaw $tag
    publish kalaw $tag
done
builds pai alice lan
check "on a LAN: the cache gives what both have" all_copied

inventory "[caches.kalaw.link.pai]
lan = false"
switch pai
has_built kalaw own
before=$(logins kalaw)
builds pai alice far
check "not on a LAN: the public cache gives what both have" same "$STATUS $COPIED $BUILT" "0 0 0"
check "not on a LAN: the cache is not even asked" same "$(logins kalaw)" "$before"
builds pai alice own
check "not on a LAN: the cache gives what it alone has" all_copied
