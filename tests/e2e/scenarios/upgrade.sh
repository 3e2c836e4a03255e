# shellcheck shell=bash
# A fleet that larder 0.1 wired goes over to this larder by `sync` alone: with the same keys,
# in whichever order its machines are switched, and in use between the switches.
two_hosts
wire
COUNT=3
key=$(as_root kalaw sha256sum /var/lib/larder/kalaw-1.secret)

# The modules as 0.1 wrote them, with the keys of these hosts.
as_of_0_1() {
    rm -r "$FLEET/larder"
    cp -r "$E2E/../fleets/two-machines-of-0.1/larder" "$FLEET"
    sed -i "s|kalaw = \"ssh-.*|kalaw = \"$(host_key kalaw)\";|; s|pai = \"ssh-.*|pai = \"$(host_key pai)\";|; s|kalaw = \"kalaw-1:.*|kalaw = \"$(signing_key kalaw)\";|" \
        "$FLEET/larder/keys.nix"
    sed -i 's|address = "kalaw"|address = "kalaw.fritz.box"|' "$FLEET/larder/caches/kalaw.nix"
    fleet_commit "as of larder 0.1"
    switch kalaw && switch pai || exit 1
}
in_use() { # WHEN TAG
    has_built kalaw "$2"
    builds pai alice "$2"
    check "$1: every path is fetched" all_copied
}
for order in "pai kalaw" "kalaw pai"; do
    as_of_0_1
    in_use "as 0.1 wired it ($order)" "before-${order// /}"
    check "sync alone ($order)" larder sync
    for host in $order; do
        switch "$host"
        in_use "$host is switched ($order)" "$host-${order// /}"
    done
done
check "the signing key is the same" same "$(as_root kalaw sha256sum /var/lib/larder/kalaw-1.secret)" "$key"
