# shellcheck shell=bash
# Two caches: the nearer is asked first, and either does when the other is off.
host_up tak "$SERVER"
two_hosts tak
names pai "$(address kalaw)" kalaw.fritz.box "$(address tak)" tak.example
second="
[hosts.tak]
module = \"configuration-tak.nix\"
address = \"tak.example\"
host-key = \"$(host_key tak)\"

[caches.tak]
clients = [\"pai\"]
signing-key = "
inventory "$second\"pending\""
switch kalaw
switch tak
inventory "$second\"$(signing_key tak)\""
switch kalaw
switch tak
switch pai

for tag in both near-off both-off; do
    has_built kalaw $tag
    has_built tak $tag
done
has_built tak far-only
builds pai alice both
check "both have it: every path is fetched" all_copied
check "both have it: the nearer gives it" not grep -q "from 'ssh://nix-ssh@tak" "$LOG"
builds pai alice far-only
check "one has it: every path is fetched" all_copied

# What the nearer has not signed is taken from the other.
as_root kalaw sh -c "nix-build $(closure unsigned) --option secret-key-files ''" >/dev/null 2>&1
has_built tak unsigned
builds pai alice unsigned
check "the nearer has it unsigned: the other gives it" same "$STATUS $(grep -c "from 'ssh://nix-ssh@tak" "$LOG")" "0 $COUNT"

stop kalaw sshd
builds pai alice near-off
check "the nearer is off: every path is fetched" all_copied
stop tak sshd
forget pai
builds pai alice both-off
check "both are off: built here" all_built
