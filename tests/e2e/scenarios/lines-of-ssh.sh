# shellcheck shell=bash
# Each line of the ssh block is needed: for a cache at another port, and beside an
# ssh configuration of the user's own that wants other things.
two_hosts
human kalaw '{ services.openssh.ports = [ 2222 ]; }'
wire "" "" "port = 2222"

# A build without one line of the block, as root so that ssh's words are seen.
without() { # SED TAG [MODULE]
    has_built kalaw "$2"
    restart kalaw sshd # forgives what it holds against the client
    mutate "$1" "${3:-use}"
    builds pai root "$2"
}

has_built kalaw whole
builds pai root whole
check "whole: every path is fetched" all_copied

without '/^ +Port /d' port
check "no port: nothing is fetched" all_built
without '/^ +HostKeyAlias /d' alias
check "no alias: the pin is not found" all_built
without '/^ +ProxyUseFdpass /d' fdpass
check "no fdpass: the connection is not taken over" all_built
without '/^ +IdentityFile /d' identity
check "no identity: the cache refuses" all_built

# (The first of NixOS's host keys is another.)
without 's/lib.filter \(key: key.type == "ed25519"\) //' type login-key
check "a key of any type: the cache refuses" all_built
elsewhere() { as_root pai ssh -G elsewhere.example | grep -q "^hostkeyalias larder-kalaw"; }
check "control: other hosts are themselves" not elsewhere
without '/^ +Match originalhost /d' match
check "no match: every host is the cache" elsewhere
take_away use '/^ +inherit publicKey;/d'
check "no key in the pin: it is none" not build_system pai >"$LOG" 2>&1

# The second of two keys, as while the cache's host key is changed.
as_root kalaw ssh-keygen -q -t ed25519 -N "" -C "" -f /etc/ssh/next
two_pins() { edit_cache kalaw "s|(hostKeys = \[) (.*) \]|\1 \"$(cut -d ' ' -f 1,2 "$(root_of kalaw)/etc/ssh/next.pub")\" \2 ]|"; }
has_built kalaw pins
restart kalaw sshd
fleet_sync
two_pins
switch pai
forget pai
builds pai root pins
check "whole, two pins: every path is fetched" all_copied
has_built kalaw pins-again
take_away use '/^ +hostNames = \[ alias \];/d'
two_pins
switch pai
forget pai
builds pai root pins-again
check "no name in the pin: the second is not found" all_built

# (Which of two modules without an order is first depends on where they are imported.)
human pai '{ lib, ... }: { programs.ssh.extraConfig = lib.mkOrder 900 "Host *\n  Port 2200\n"; }'
mend
has_built kalaw first
restart kalaw sshd
builds pai root first
check "whole, beside a block for all hosts: every path is fetched" all_copied
without 's/lib.mkBefore //' order
check "not before the others: the other block wins" all_built

human pai '{ programs.ssh.extraConfig = "User bob\n"; }'
mend
user_elsewhere() { as_root pai ssh -G elsewhere.example | grep -qx "user bob"; }
check "whole: the next module's lines are for all hosts" user_elsewhere
mutate '/Match all/d'
check "not closed: the next module's lines are for the cache alone" not user_elsewhere

# Somebody else answers under the cache's name.
human pai '{ programs.ssh.extraConfig = "Host *\n  StrictHostKeyChecking no\n"; }'
mend
as_root kalaw sh -c 'rm /etc/ssh/ssh_host_ed25519_key*; ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key'
host_key() { if [ "$1" = kalaw ]; then echo "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOpKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs"; else cut -d ' ' -f 1,2 "$(root_of "$1")/etc/ssh/ssh_host_ed25519_key.pub"; fi; }
inventory "" "" "port = 2222"
has_built kalaw stranger
restart kalaw sshd
mend
builds pai root stranger
check "whole: a stranger is not talked to, whatever holds for other hosts" all_built

# Nor if root knows it, under any name.
as_root pai sh -c 'mkdir -p /root/.ssh; cat >/root/.ssh/known_hosts' \
    <<<"* $(cut -d ' ' -f 1,2 "$(root_of kalaw)/etc/ssh/ssh_host_ed25519_key.pub")"
has_built kalaw known
restart kalaw sshd
mend
builds pai root known
check "whole: a stranger that root knows is not talked to" all_built
without '/^ +UserKnownHostsFile /d' own-known
check "with root's known hosts: it is talked to" all_copied
as_root pai rm /root/.ssh/known_hosts

without '/^ +StrictHostKeyChecking /d' strict
check "not strict: a stranger is talked to" all_copied
