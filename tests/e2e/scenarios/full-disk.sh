# shellcheck shell=bash
# A cache whose disk is full is read all the same, or is no worse than one that is
# off (Nix 2.8 cannot open its database there).
NIX_SIZE=128M two_hosts
wire
has_built kalaw before
has_built kalaw full
builds pai alice before
check "control: the cache is used" all_copied

fill() { as_root kalaw sh -c "dd if=/dev/zero of=/nix/filled$1 bs=1k; sync" 2>/dev/null; }
fill 1
fill 2
check "the disk is full" not as_root kalaw sh -c 'head -c 100K /dev/zero >/nix/more && sync' 2>/dev/null
builds pai alice full
check "disk full: the build succeeds" same "$STATUS $((COPIED + BUILT))" "0 $COUNT"
[ "$SERVER" = bookworm ] || check "disk full: every path is fetched" all_copied
