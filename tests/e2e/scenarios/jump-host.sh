# shellcheck shell=bash
# Through another host: the cache itself cannot be reached.
host_up gate "$SERVER"
two_hosts
names gate "$(address kalaw)" kalaw.inside
names pai "$(address gate)" gate.example
# The people of gate let pai's root in, who knows gate.
as_root gate useradd -m -s /bin/bash -p '*' thomas
as_root gate sh -c 'mkdir -p /home/thomas/.ssh; cat >/home/thomas/.ssh/authorized_keys; chown -R thomas /home/thomas' \
    <"$(root_of pai)/etc/ssh/ssh_host_ed25519_key.pub"
printf 'HostKey /etc/ssh/ssh_host_ed25519_key\nUsePAM yes\nPort 2200\n' >"$(root_of gate)/etc/ssh/sshd_config"
start gate sshd
as_root pai sh -c 'mkdir -p /root/.ssh; cat >/root/.ssh/known_hosts' <<<"[gate.example]:2200 $(host_key gate)"

wire "[caches.kalaw.link.pai]
address = \"kalaw.inside\"
proxy-jump = \"thomas@gate.example:2200\""
has_built kalaw one
has_built kalaw two
builds pai alice one
check "every path is fetched" all_copied
check "through the gate" grep -q "Accepted publickey for thomas" "$BOX/gate/sshd.log"

stop kalaw sshd
builds pai alice off
check "cache off: built here" all_built
check "cache off: within 10 s" waited pai off-again 10
start kalaw sshd
forget pai

vanish kalaw
builds pai alice away
check "packets lost behind the gate: built here" all_built
check "packets lost behind the gate: within 15 s" waited pai away-again 15
appear kalaw
forget pai

stop gate sshd
builds pai alice closed
check "gate closed: built here" all_built
check "gate closed: within 10 s" waited pai closed-again 10
start gate sshd
forget pai
builds pai root two
check "open again: every path is fetched" all_copied
