# shellcheck shell=bash
# A Debian machine, without a NixOS module: what `larder export` prints is run on it, as root,
# and its own Nix fetches from the cache. A cache that is off or refuses costs it little, and
# what was put there goes again.
host_up kalaw "$SERVER"
host_up deb "$CLIENT"
names deb "$(address kalaw)" kalaw.fritz.box
public_cache
fleet_init kalaw
deb=$(root_of deb)

debian() { # CLIENTS [EXTRA_FOR_DEB]
    cat >"$FLEET/larder.toml" <<TOML
version = 1

[hosts.kalaw]
module = "configuration-kalaw.nix"
address = "kalaw.fritz.box"
host-key = "$(host_key kalaw)"

[hosts.deb]
nixos = false
${2:-host-key = \"$(host_key deb)\"}

[caches.kalaw]
clients = [$1]
lan = true
signing-key = "$(signing_key kalaw)"
TOML
    fleet_sync
}

exported() {
    in_fleet "$LARDER" export deb >"$BOX/export.sh" 2>"$BOX/export.log" || return
    within deb env -i PATH="$HOST_PATH" sh -s <"$BOX/export.sh" >"$BOX/exported.log" 2>&1 || {
        cat "$BOX/exported.log"
        return 1
    }
    restart deb nix-daemon
}

# As Debian has it.
printf '%s\n' 'Include /etc/ssh/ssh_config.d/*.conf' '' 'Host *' '    SendEnv LANG LC_*' >"$deb/etc/ssh/ssh_config"
mkdir -p "$deb/etc/ssh/ssh_config.d"
cp "$deb/etc/nix/nix.conf" "$BOX/nix.conf.before"
cp "$deb/etc/ssh/ssh_config" "$BOX/ssh_config.before"

debian '"deb"'
switch kalaw || exit 1
debian '"deb"'
switch kalaw || exit 1
start deb nix-daemon
has_built kalaw one

check "the half is put there" exported
check "of its own files, nix.conf has one line more" same \
    "$(diff "$BOX/nix.conf.before" "$deb/etc/nix/nix.conf" | tail -n +2)" "> !include /etc/larder/nix.conf"
check "and ssh_config none" cmp -s "$BOX/ssh_config.before" "$deb/etc/ssh/ssh_config"
builds deb alice one
check "its Nix fetches what the cache has built" all_copied
check "a second time" exported
check "the line is there once" same "$(grep -c larder "$deb/etc/nix/nix.conf")" 1

# The signature is needed.
sed -i '/^extra-trusted-public-keys/d' "$deb/etc/larder/nix.conf"
restart deb nix-daemon
has_built kalaw unsigned
builds deb alice unsigned
check "without the signing key nothing is taken" all_built
check "it is put right" exported

# Another machine in the place of the cache.
forget_deb() { as_root deb rm -rf /run/larder; }
cp "$deb/etc/larder/known_hosts" "$BOX/pins"
sed -i "s|ssh-ed25519 .*|$(host_key deb)|" "$deb/etc/larder/known_hosts"
has_built kalaw pinned
forget_deb
builds deb alice pinned
check "an unknown host key is not trusted" all_built
check "and the cache is left alone for a minute" grep -q "another machine answers, or its host key has changed" "$BOX/deb/nix-daemon.log"
cp "$BOX/pins" "$deb/etc/larder/known_hosts"

# A cache that is off.
forget_deb
stop kalaw sshd
builds deb alice off
check "a cache that refuses connections is built around" all_built
check "which is said" grep -q "refuses connections to port 22" "$BOX/deb/nix-daemon.log"
start kalaw sshd
forget_deb
vanish kalaw
builds deb alice gone
check "a cache that vanishes is built around" all_built
check "at the price of one timeout" waited deb gone-again 15
check "which is said, too" grep -q "does not answer at port 22" "$BOX/deb/nix-daemon.log"
appear kalaw
forget_deb
has_built kalaw back
builds deb alice back
check "once it is back, it is asked" all_copied

# A login that is refused.
mv "$(root_of kalaw)/etc/ssh/authorized_keys.d" "$(root_of kalaw)/etc/ssh/authorized_keys.gone"
forget_deb
as_root kalaw sh -c ": >/tmp/mark"
refused_before=$(grep -c "nix-ssh" "$BOX/kalaw/sshd.log")
builds deb alice refused
check "a login that is refused is built around" all_built
check "and is tried a few times at most" at_most $(($(grep -c "nix-ssh" "$BOX/kalaw/sshd.log") - refused_before)) 4
mv "$(root_of kalaw)/etc/ssh/authorized_keys.gone" "$(root_of kalaw)/etc/ssh/authorized_keys.d"

# A key of its own, made on the machine. Its public half comes back.
debian '"deb"' 'identity = { file = "/etc/larder-login", make = true }'
check "the machine makes a key" exported
grep -q "larder keys set deb --identity" "$BOX/exported.log"
check "and says how the fleet learns of it" [ $? = 0 ]
debian '"deb"' "identity = { file = \"/etc/larder-login\", make = true, key = \"$(cut -d ' ' -f 1,2 "$deb/etc/larder-login.pub")\" }"
switch kalaw || exit 1
check "with it" exported
forget_deb
has_built kalaw own-key
builds deb alice own-key
check "its Nix logs in by that key" all_copied

# Where ssh_config includes no folder, the line is its first.
as_root deb rm -r /etc/ssh/ssh_config.d /etc/ssh/ssh_config
check "another ssh_config" exported
check "gets the line" same "$(cat "$deb/etc/ssh/ssh_config")" "Include /etc/larder/ssh_config"
forget_deb
has_built kalaw other-config
builds deb alice other-config
check "and is as good" all_copied

cp "$BOX/ssh_config.before" "$deb/etc/ssh/ssh_config"
debian ""
check "without a cache, the way back is printed" exported
check "nix.conf is as it was" cmp "$BOX/nix.conf.before" "$deb/etc/nix/nix.conf"
check "ssh_config is as it was" cmp "$BOX/ssh_config.before" "$deb/etc/ssh/ssh_config"
check "the folder is gone" [ ! -e "$deb/etc/larder" ]
