# shellcheck shell=bash
# A cache changes its engine, and no client is without it meanwhile.
two_hosts
before=$(fleet_git rev-parse HEAD)
larder init
larder add-cache kalaw --client pai --lan --address kalaw.fritz.box \
    --host-key "kalaw=$(host_key kalaw)" --host-key "pai=$(host_key pai)"
switch kalaw
larder keys set kalaw --signing-key "$(signing_key kalaw)"
switch kalaw
switch pai

fetches_by() { # SCHEME TAG
    has_built kalaw "$2"
    builds pai alice "$2"
    all_copied && grep -q "from '$1://" "$LOG"
}
check "ssh: every path is fetched" fetches_by ssh ssh
larder add-cache kalaw --serve harmonia
switch kalaw
check "both: a client that is not switched goes on" fetches_by ssh both-ssh
switch pai
check "both: a client that is switched has its connection" connected pai
check "both: it fetches through that" fetches_by http both-http
larder add-cache kalaw --serve harmonia
check "harmonia: nothing of the other is left in the inventory" not grep -q "ssh\"" "$FLEET/larder.toml"
switch kalaw
serves_ssh() { as_root kalaw grep -q "Match User nix-ssh" /etc/ssh/sshd_config; }
check "harmonia: the cache serves nothing else" not serves_ssh
check "harmonia: every path is fetched" fetches_by http harmonia
larder sync
check "sync has nothing to do" grep -q "nothing to do" "$BOX/larder.log"

larder add-cache kalaw --serve ssh
switch kalaw
check "back, both: a client that is not switched goes on" fetches_by http back-http
switch pai
check "back, both: a client that is switched uses ssh" fetches_by ssh back-ssh
larder add-cache kalaw --serve ssh
switch kalaw
check "back: every path is fetched" fetches_by ssh back
check "back: no harmonia is left" not as_root kalaw grep -q "larder-cache" /etc/ssh/sshd_config
check "back: no tunnel is left" not as_root pai pgrep -x ssh

larder add-cache kalaw --serve harmonia
larder remove-cache kalaw
check "removed: every file of the people's is as it was" fleet_git diff --exit-code "$before" -- . ':!larder.toml'
