# shellcheck shell=bash
# From a repository that has never seen larder to a client that fetches what the
# cache has built, by the commands that people use.
two_hosts
larder init
larder add-cache kalaw --client pai --lan --address kalaw.fritz.box \
    --host-key "kalaw=$(host_key kalaw)" --host-key "pai=$(host_key pai)"
check "the repository is clean" same "$(fleet_git status --porcelain)" ""

switch kalaw
check "activation says what to do" grep -q "larder keys set kalaw --signing-key 'kalaw-1:" "$BOX/kalaw.activate.log"
larder keys set kalaw --signing-key "$(signing_key kalaw)"
switch kalaw
switch pai
check "nothing was warned of" not grep -q "warning: larder" "$BOX/pai.switch.log" "$BOX/kalaw.switch.log"

has_built kalaw root
has_built kalaw user
builds pai root root
check "root fetches every path" all_copied
builds pai alice user
check "a user fetches every path through the daemon" all_copied
builds pai alice elsewhere
check "what the cache lacks is built here" all_built

asks_kalaw() { as_root pai cat /etc/nix/nix.conf | grep -q nix-ssh@kalaw.fritz.box; }
check "control: the client's nix.conf names the cache" asks_kalaw
larder remove-cache kalaw
switch kalaw
switch pai
check "removed: nothing is left in the client's nix.conf" not asks_kalaw
