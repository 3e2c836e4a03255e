# shellcheck shell=bash
# A client whose disk is full: doctor says so, and not that the cache is at fault.
NIX_SIZE=128M two_hosts
wire
doctor_ready
has_built kalaw named
# shellcheck disable=SC2034
NAMED=$(path_of kalaw named)
for part in 1 2; do
    as_root pai sh -c "dd if=/dev/zero of=/nix/filled$part bs=1k; sync" 2>/dev/null
done
check "the disk is full" not as_root pai sh -c 'head -c 100K /dev/zero >/nix/more && sync' 2>/dev/null
fault store-full
as_root pai sh -c 'rm -f /nix/filled* /nix/more'
healthy "there is space again"
no_secret_is_left
