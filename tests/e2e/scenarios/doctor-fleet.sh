# shellcheck shell=bash
# From the administrator's machine, by the inventory: every client is asked over ssh, and so
# is the cache. What the machines say is compared with what the inventory says.
host_up tak "$CLIENT"
host_up bagan "$CLIENT"
two_hosts bagan
wire
printf '\n[hosts.bagan]\nmodule = "configuration-bagan.nix"\nhost-key = "%s"\n' "$(host_key bagan)" >>"$FLEET/larder.toml"
sed -i 's/^clients = .*/clients = ["pai", "bagan"]/' "$FLEET/larder.toml"
names bagan "$(address kalaw)" kalaw.fritz.box
fleet_sync
switch kalaw && switch bagan || exit 1
doctor_ready
as_root tak sh -c 'mkdir -p /root/.ssh; ssh-keygen -q -t ed25519 -N "" -C "" -f /root/.ssh/id_ed25519'
names tak "$(address kalaw)" kalaw.fritz.box "$(address pai)" pai "$(address bagan)" bagan
human bagan '{ services.openssh = { enable = true; settings.PermitRootLogin = "prohibit-password"; }; }'
switch bagan
for host in kalaw pai bagan; do
    as_root $host install -d -m 700 /root/.ssh
    cat "$(root_of tak)/root/.ssh/id_ed25519.pub" >>"$(root_of $host)/root/.ssh/authorized_keys"
done
as_root tak sh -c 'ssh-keyscan -t ed25519 kalaw.fritz.box pai bagan >/root/.ssh/known_hosts 2>/dev/null'
fleet() { # [ARGUMENT...]
    as_root tak /e2e/larder -C /fleet --json doctor "$@" >"$BOX/doctor.json" 2>"$BOX/doctor.err" </dev/null
    STATUS=$?
    cat "$BOX/doctor.json" "$BOX/doctor.err" >>"$BOX/doctor.all"
    FOUND=$(found)
    cp "$BOX/doctor.json" "$LOG"
}

fleet --all
check "every client: proven" finds 0 $'proven\nproven'
fleet pai
check "by name: proven" finds 0 proven
check "with the names of the inventory" grep -q '"cache": "kalaw"' "$LOG"
fleet tak
check "another name is refused" finds 1 unknown-host
as_root tak /e2e/larder -C /fleet doctor --all >"$LOG" 2>&1
check "for people, one line" same "$(cat "$LOG")" \
    $'bagan → kalaw: proven, signed by kalaw-1\npai → kalaw: proven, signed by kalaw-1'

# The repository is ahead of the machine.
mv "$(root_of pai)/etc/nix/nix.conf" "$(root_of pai)/etc/nix/kept"
printf '%s\n' "experimental-features = nix-command flakes" "substituters =" >"$(root_of pai)/etc/nix/nix.conf"
fleet pai
check "not switched yet: the cache is not asked" finds 1 cache-not-asked
before=$(grep -c "Accepted publickey for nix-ssh" "$BOX/kalaw/sshd.log")
as_root tak /e2e/larder -C /fleet doctor --all --jobs 1 >"$LOG" 2>&1
STATUS=$?
check "one of two is broken: exit 1" same "$STATUS" 1
check "the whole one: one line, and the broken one in full" same "$(sed 's/: .*//; s/^  *//' "$LOG" | tr '\n' ' ')" \
    "bagan → kalaw pai → kalaw cache-not-asked pai larder.toml cure not tried "
check "and only the whole one logs in" at_most $(($(grep -c "Accepted publickey for nix-ssh" "$BOX/kalaw/sshd.log") - before)) 2
mv "$(root_of pai)/etc/nix/kept" "$(root_of pai)/etc/nix/nix.conf"

# The cache has another host key: whose it is, and which line says otherwise.
as_root kalaw sh -c 'ssh-keygen -q -t ed25519 -N "" -C "" -f /root/other; cp /root/other /etc/ssh/ssh_host_ed25519_key; cp /root/other.pub /etc/ssh/ssh_host_ed25519_key.pub'
restart kalaw sshd
as_root tak sh -c 'ssh-keyscan -t ed25519 kalaw.fritz.box pai bagan >/root/.ssh/known_hosts 2>/dev/null'
fleet pai
check "another host key" finds 1 host-key-changed
check "the line of the inventory is named" grep -q '"line": "line [0-9]*: host-key SHA256:' "$LOG"
check "the cache says that it is its own" grep -q 'is its own key' "$LOG"

# Nobody there.
stop pai sshd
fleet pai
check "a machine that cannot be asked: neither proven nor broken" finds 2 open
check "and why" grep -q 'Connection refused' "$LOG"
no_secret_is_left
