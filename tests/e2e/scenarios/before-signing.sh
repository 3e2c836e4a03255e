# shellcheck shell=bash
# What was built before the cache had a key is signed once, with the command that
# activation has shown.
two_hosts
has_built kalaw old
inventory
switch kalaw
said=$(grep -o 'nix .* store sign .*' "$BOX/kalaw.activate.log")
inventory
switch kalaw
switch pai

check "activation says how" test -n "$said"
has_built kalaw new
builds pai alice new
check "what is built now is fetched" all_copied
has_built kalaw old
builds pai alice old
check "what is older is not believed" all_built

as_root kalaw sh -c "$said" >"$BOX/sign.log" 2>&1
check "the command works" same $? 0
as_root pai sh -c 'nix-collect-garbage >/dev/null 2>&1'
builds pai alice old
check "then it is fetched" all_copied
