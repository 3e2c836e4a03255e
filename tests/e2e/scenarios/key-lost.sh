# shellcheck shell=bash
# A root file system that is wiped at boot takes the signing key with it.
two_hosts
inventory
switch kalaw
first=$(signing_key kalaw)

# Nobody knows the key yet: another one is as good.
wipe() {
    stop kalaw sshd
    stop kalaw nix-daemon
    as_root kalaw sh -c 'rm -rf /var/lib/larder'
    activate kalaw
}
wipe
check "lost before it was known: another is made" not same "$(signing_key kalaw)" "$first"
check "lost before it was known: of the same name" grep -q '^kalaw-1:' <(signing_key kalaw)
check "only root can read it" same "$(as_root kalaw stat -c '%a %U' /var/lib/larder/kalaw-1.secret)" "600 root"

inventory
switch kalaw
switch pai
has_built kalaw known
builds pai alice known
check "known: what is built is fetched" all_copied
check "known: nothing is said" not grep -q larder: "$BOX/kalaw.activate.log"
as_root kalaw cp -a /var/lib/larder /backup

# From here on the key's name means this key.
wipe
check "lost: activation says so" grep -q "the signing key kalaw-1 is gone" "$BOX/kalaw.activate.log"
has_built kalaw lost
check "lost: the cache still builds" same $? 0
builds pai alice lost
check "lost: clients do not believe another key" all_built
check "lost: not a key of that name" not grep -q '^kalaw-1:' "$(root_of kalaw)/var/lib/larder/kalaw-1.secret"
activate kalaw
check "lost: activation says so again" grep -q "the signing key kalaw-1 is gone" "$BOX/kalaw.activate.log"

as_root kalaw cp -a /backup/. /var/lib/larder/
activate kalaw
has_built kalaw back
builds pai alice back
check "put back: what is built is fetched" all_copied
check "put back: nothing is said" not grep -q larder: "$BOX/kalaw.activate.log"

# Lost for good: pending again, and the stand-in gives way to a new key.
wipe
signing_key() { echo pending; }
inventory
switch kalaw
check "given up: a new key of the name is made" grep -q '^kalaw-1:' "$(root_of kalaw)/var/lib/larder/kalaw-1.secret"
check "given up: activation says what to do" grep -q "larder keys set kalaw" "$BOX/kalaw.activate.log"

# Somebody else's place is nobody's to write to.
inventory 'signing-key-file = "/run/agenix/kalaw-1"'
switch kalaw
check "a foreign path: no key is made" not as_root kalaw test -e /run/agenix
