# shellcheck shell=bash
# Through another host: the cache itself cannot be reached. The client knows the jump host by
# the inventory alone, and its journal says what is wrong on the way.
host_up gate "$SERVER"
two_hosts
names gate "$(address kalaw)" kalaw.inside
names pai "$(address gate)" gate.example
# The people of gate let pai's root pass, and nothing else.
as_root gate useradd -m -s /bin/bash -p '*' thomas
as_root gate sh -c 'mkdir -p /home/thomas/.ssh; sed "s/^/restrict,port-forwarding /" >/home/thomas/.ssh/authorized_keys; chown -R thomas /home/thomas' \
    <"$(root_of pai)/etc/ssh/ssh_host_ed25519_key.pub"
printf 'HostKey /etc/ssh/ssh_host_ed25519_key\nUsePAM yes\nPort 2200\n' >"$(root_of gate)/etc/ssh/sshd_config"
start gate sshd

link="[caches.kalaw.link.pai]
address = \"kalaw.inside\"
proxy-jump = \"thomas@gate.example:2200\""
pin() { # HOST: whose key the client takes for the gate's
    printf '%s\n\n[jump-hosts."gate.example"]\nhost-key = "%s"' "$link" "$(host_key "$1")"
}
says() { # REASON
    grep -q "^larder: the cache kalaw is not asked for 60 s: kalaw.inside does not answer at port 22 through the jump host: $1\$" \
        "$BOX/pai/nix-daemon.log"
}

wire "$(pin gate)"
has_built kalaw one
has_built kalaw two
builds pai alice one
check "every path is fetched" all_copied
check "through the gate" grep -q "Accepted publickey for thomas" "$BOX/gate/sshd.log"

stop kalaw sshd
builds pai alice off
check "cache off: built here" all_built
check "cache off: within 10 s" waited pai off-again 10
check "cache off: the journal says so" says "the jump host cannot connect to it"
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
check "gate closed: the journal says so" says ".*port 2200: Connection refused"
start gate sshd
forget pai
builds pai root two
check "open again: every path is fetched" all_copied

# The gate does not know the client.
as_root gate mv /home/thomas/.ssh/authorized_keys /home/thomas/.ssh/aside
forget pai
builds pai alice unknown
check "the gate refuses the client: built here" all_built
check "the gate refuses the client: the journal says so" says "thomas@gate.example: Permission denied (publickey.*"
as_root gate mv /home/thomas/.ssh/aside /home/thomas/.ssh/authorized_keys

# Another machine answers for the gate.
inventory "$(pin kalaw)"
switch pai
restart gate sshd
forget pai
builds pai alice other
check "another gate: built here" all_built
check "another gate: the journal says so" says "another machine answers, or its host key is not the known one"

# Control: as before there were pins. Nobody is there to say yes, and nothing is fetched.
inventory "$link"
switch pai
forget pai
has_built kalaw three
builds pai alice three
check "control, no pin: nothing is fetched" all_built
as_root pai sh -c 'mkdir -p /root/.ssh; cat >/root/.ssh/known_hosts' <<<"[gate.example]:2200 $(host_key gate)"
forget pai
has_built kalaw four
builds pai alice four
check "no pin, and root knows the gate: every path is fetched" all_copied
