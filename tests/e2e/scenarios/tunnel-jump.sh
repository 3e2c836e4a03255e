# shellcheck shell=bash
# The tunnel goes through another host, as ssh does: the cache itself cannot be reached.
host_up gate "$SERVER"
two_hosts
names gate "$(address kalaw)" kalaw.inside
names pai "$(address gate)" gate.example
# The people of gate let pai's tunnel pass, and nothing else.
as_root gate useradd -m -s /bin/bash -p '*' thomas
as_root gate sh -c 'mkdir -p /home/thomas/.ssh; sed "s/^/restrict,port-forwarding /" >/home/thomas/.ssh/authorized_keys; chown -R thomas /home/thomas' \
    <"$(root_of pai)/etc/ssh/ssh_host_ed25519_key.pub"
printf 'HostKey /etc/ssh/ssh_host_ed25519_key\nUsePAM yes\nPort 2200\n' >"$(root_of gate)/etc/ssh/sshd_config"
start gate sshd
wire "$HARMONIA
[caches.kalaw.link.pai]
address = \"kalaw.inside\"
proxy-jump = \"thomas@gate.example:2200\"

[jump-hosts.\"gate.example\"]
host-key = \"$(host_key gate)\""
check "the client has its connection" connected pai
has_built kalaw one
builds pai alice one
check "every path is fetched" all_copied
check "through the gate" grep -q "Accepted publickey for thomas" "$BOX/gate/sshd.log"

says() { tunnel_log pai | grep -q "not asked for 45 s: .* through the jump host: $1"; }
stop kalaw sshd
hang_up kalaw
soon not is_connected pai
tries_again pai
check "cache off: the journal says so" soon says "the jump host cannot connect to it"
start kalaw sshd
tries_again pai
check "on again: the connection is back" connected pai
stop gate sshd
as_root gate pkill -f 'sshd.*: thomas'
soon not is_connected pai
tries_again pai
check "gate closed: the journal says so" soon says ".*port 2200: Connection refused"
start gate sshd
tries_again pai
check "open again: the connection is back" connected pai
has_built kalaw two
builds pai alice two
check "open again: every path is fetched" all_copied
