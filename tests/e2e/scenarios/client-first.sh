# shellcheck shell=bash
# A new client is switched before its cache, which does not know it yet, and builds 20 paths:
# the owner logs in at the cache from there all the while. Wired by hand, they are shut out.
two_hosts shan
as_root pai ssh-keygen -q -t ed25519 -N "" -C "" -f /run/of-shan
shan="[hosts.shan]
module = \"configuration-shan.nix\"
host-key = \"$(cut -d ' ' -f 1,2 "$(root_of pai)/run/of-shan.pub")\""
with_clients() { # LIST
    inventory "" "" "$shan"
    sed -i "s/^clients = .*/clients = [$1]/" "$FLEET/larder.toml"
    fleet_sync
}
with_clients '"shan"'
switch kalaw || exit 1
with_clients '"shan", "pai"'
as_root kalaw sh -c 'mkdir -p /root/.ssh; cat >/root/.ssh/authorized_keys' \
    <"$(root_of pai)/etc/ssh/ssh_host_ed25519_key.pub"

visit() {
    as_root pai ssh -F /dev/null -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
        -i /etc/ssh/ssh_host_ed25519_key root@kalaw.fritz.box true >/dev/null 2>&1 && echo in || echo out
}
# A build, with one visit after the other while it runs and for some seconds after it.
visited() { # TAG
    touch "$BOX/visiting"
    while [ -e "$BOX/visiting" ]; do
        visit
        sleep 0.2
    done >"$BOX/visits" &
    builds pai alice "$1"
    sleep 3
    rm "$BOX/visiting"
    wait $!
}
times() { grep -c "^$1\$" "$BOX/visits"; }

restart kalaw sshd
switch pai || exit 1
visited first
check "pai first: built here" all_built
check "pai first: the owner logs in all the while" same "$(times out)" 0
check "pai first: and more than once" at_least "$(times in)" 5
visited again
check "pai first, again: the owner logs in all the while" same "$(times out)" 0

switch kalaw || exit 1
has_built kalaw later
forget pai # as a minute later
visited later
check "then kalaw: every path is fetched" all_copied
check "then kalaw: the owner logs in all the while" same "$(times out)" 0

# Control: what people write by hand. (sshd has such penalties from OpenSSH 9.8 on.)
[ "$SERVER" = sid ] || exit "$FAILED"
human pai "{
  nix.settings.substituters = [ \"ssh://nix-ssh@kalaw.fritz.box\" ];
  nix.settings.trusted-public-keys = [ \"$(signing_key kalaw)\" ];
  nix.settings.fallback = true;
  programs.ssh.knownHosts.\"kalaw.fritz.box\".publicKey = \"$(host_key kalaw)\";
  programs.ssh.extraConfig = ''
    Match host kalaw.fritz.box user nix-ssh
      IdentityFile /etc/ssh/ssh_host_ed25519_key
    Match all
  '';
}"
with_clients '"shan"'
switch pai || exit 1
switch kalaw || exit 1
visited by-hand
check "control, by hand: built here" all_built
check "control, by hand: the owner is shut out" at_least "$(times out)" 5
