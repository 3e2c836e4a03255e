# shellcheck shell=bash
# The other protocol, on both sides.
two_hosts
wire 'protocol = "ssh-ng"'
has_built kalaw root
has_built kalaw user
builds pai root root
check "root fetches every path" all_copied
builds pai alice user
check "a user fetches every path" all_copied
check "by that protocol" grep -q "from 'ssh-ng://" "$LOG"
stop kalaw sshd
builds pai alice off
check "cache off: built here" all_built
start kalaw sshd
forget pai

# Sides that do not agree.
has_built kalaw mixed
fleet_sync
edit_cache kalaw 's/ssh-ng/ssh/'
switch pai
builds pai alice mixed
check "sides that do not agree: nothing is fetched" not all_copied
