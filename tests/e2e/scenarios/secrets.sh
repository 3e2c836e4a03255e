# shellcheck shell=bash
# No private key is in a store, in the repository, or in an object of its git.
two_hosts
inventory "" 'identity = { file = "/var/lib/larder/identity", make = true }'
switch kalaw
switch pai
inventory "" "identity = { file = \"/var/lib/larder/identity\", make = true, key = \"$(
    cut -d ' ' -f 1,2 "$(root_of pai)/var/lib/larder/identity.pub")\" }"
switch kalaw
switch pai
has_built kalaw one
builds pai alice one
check "control: every path is fetched" all_copied

# What would betray each key: a line of its own, and for the signing key the whole.
secrets=$BOX/secrets
{
    sed -n 3p "$(root_of kalaw)/etc/ssh/ssh_host_ed25519_key"
    sed -n 3p "$(root_of pai)/etc/ssh/ssh_host_ed25519_key"
    sed -n 3p "$(root_of pai)/var/lib/larder/identity"
    cut -d : -f 2 "$(root_of kalaw)/var/lib/larder/kalaw-1.secret"
} >"$secrets"
check "there are four to look for" same "$(grep -c . "$secrets")" 4
check "control: each is found where it belongs" grep -qrFf "$secrets" "$(root_of kalaw)/var/lib/larder"

check "control: a store is looked into" grep -qrF "HostKeyAlias larder-kalaw" "$(root_of pai)/nix/store"
nowhere_in() { not grep -qrFf "$secrets" "$1"; }
check "not in the cache's store" nowhere_in "$(root_of kalaw)/nix/store"
check "not in the client's store" nowhere_in "$(root_of pai)/nix/store"
check "not in the repository" nowhere_in "$FLEET"
fleet_git cat-file --batch --batch-all-objects >"$BOX/objects"
check "not in an object of its git" nowhere_in "$BOX/objects"
check "not in what was said" nowhere_in "$BOX/kalaw.activate.log"
check "not in what was said by the client" nowhere_in "$BOX/pai.activate.log"
