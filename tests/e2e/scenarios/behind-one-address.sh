# shellcheck shell=bash
# Five clients with one address, as behind a router, were switched before their cache and
# build at once: nobody is shut out, the owner least of all.
clients=(pai shan mon chin wa)
two_hosts "${clients[@]:1}"
for one in "${clients[@]:1}"; do
    host_up "$one" "$CLIENT"
    names "$one" "$(address kalaw)" kalaw.fritz.box
done
# sshd takes the whole network for one address. (The kernel need not know how to hide it.)
human kalaw '{ services.openssh.settings.PerSourceNetBlockSize = "24"; }'
hosts() {
    for one in "${clients[@]:1}"; do
        printf '[hosts.%s]\nmodule = "configuration-%s.nix"\nhost-key = "%s"\n' "$one" "$one" "$(host_key "$one")"
    done
}
inventory "" "" "$(hosts)"
sed -i 's/^clients = .*/clients = ["pai", "shan", "mon", "chin", "wa"]/' "$FLEET/larder.toml"
fleet_sync
switch kalaw || exit 1
sed -i "s|^signing-key = .*|signing-key = \"$(signing_key kalaw)\"|" "$FLEET/larder.toml"
fleet_sync
switch kalaw || exit 1
for one in "${clients[@]}"; do switch "$one" || exit 1; done

# Whether the owner, who sits at one of them, still comes in.
as_root kalaw sh -c 'mkdir -p /root/.ssh; cat >/root/.ssh/authorized_keys' \
    <"$(root_of pai)/etc/ssh/ssh_host_ed25519_key.pub"
owner_is_let_in() {
    as_root pai ssh -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
        -i /etc/ssh/ssh_host_ed25519_key root@kalaw.fritz.box true >"$LOG" 2>&1
}
build_at_once() { # TAG
    local started=()
    for one in "${clients[@]}"; do
        forget "$one"
        # shellcheck disable=SC2046
        as_alice "$one" nix-build $(closure "$1") >"$BOX/$one.build.log" 2>&1 &
        started+=($!)
    done
    wait "${started[@]}"
}
fetched() { cat "$BOX"/*.build.log | grep -ac "^copying path.*from 'ssh"; }

has_built kalaw known
build_at_once known
check "known: every path is fetched" same "$(fetched)" $((5 * COUNT))
as_root kalaw mv /etc/ssh/authorized_keys.d/nix-ssh /etc/ssh/aside
restart kalaw sshd
build_at_once refused
check "refused: the owner is let in" owner_is_let_in
check "refused: nobody is penalised" not grep -q "drop connection" "$BOX/kalaw/sshd.log"
as_root kalaw mv /etc/ssh/aside /etc/ssh/authorized_keys.d/nix-ssh
has_built kalaw mended
build_at_once mended
check "mended: every path is fetched" same "$(fetched)" $((5 * COUNT))

# Each line of it.
sshd_says() { as_root kalaw /usr/sbin/sshd -T 2>/dev/null | grep -qi "$1"; }
without() { # SED
    take_away serve "$1"
    switch kalaw >"$BOX/without.log" 2>&1
}
mend_kalaw() {
    fleet_sync
    switch kalaw || exit 1
}
stop kalaw sshd
if [ "$SERVER" = bookworm ]; then
    (without '/^  hasPenalties = /s/=.*/= true;/') >/dev/null
    check "without a look at the version: sshd does not start" not sshd_says "^port"
    exit 0
fi
shuts_out() { # WHAT SED
    without "$2"
    as_root kalaw mv /etc/ssh/authorized_keys.d/nix-ssh /etc/ssh/aside
    build_at_once "refused-${2//[^a-z]/}"
    check "$1: the owner is shut out" not owner_is_let_in
    as_root kalaw mv /etc/ssh/aside /etc/ssh/authorized_keys.d/nix-ssh
    restart kalaw sshd
}
shuts_out "without a threshold" '/PerSourcePenalties = /d'
shuts_out "without a look at the clients" 's/10 \* lib.length clients/0/'
shuts_out "without the package of sshd" '/^  sshdPackage = /s/=.*/= "none-1";/'

human kalaw '{ services.openssh.settings.PerSourceNetBlockSize = "24"; services.openssh.extraConfig = "PerSourcePenalties no\n"; }'
mend_kalaw
check "whole: yours in a text counts" sshd_says "^persourcepenalties no"
for sed in 's/ && !hasOwnPenalties//' '/^  hasOwnPenalties = /s/=.*/= false;/' '/^  yours = /s/=.*/= [ ];/' 's/lib.toLower one.value/one.value/'; do
    without "$sed"
    check "without $sed: it does not" not sshd_says "^persourcepenalties no"
done
check "without a look at whose it is: it does not evaluate" not without '/^  ofNixos = /s/=.*/= _: false;/'
human kalaw '{ services.openssh.settings.PerSourcePenalties = "min:20s"; }'
mend_kalaw
check "whole: yours counts" sshd_says "^persourcepenalties.* min:20\\."
human kalaw '{ }'
many() { edit_cache kalaw 's/clients = \[/clients = builtins.concatMap (n: builtins.genList (_: n) 9) [/'; switch kalaw; }
mend_kalaw
many
check "whole, very many clients: an address is shut out for two minutes at most" sshd_says "^persourcepenalties.* min:120\\."
without 's/lib.min 120 //'
many
check "without a limit: for longer" not sshd_says "^persourcepenalties.* min:120\\."
