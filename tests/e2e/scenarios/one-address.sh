# shellcheck shell=bash
# Two caches behind one address, at two ports of a router: each is asked for what it has.
host_up tak "$SERVER"
two_hosts tak
names pai "$(address kalaw)" router.example
# The router is kalaw; what comes in at 2222 goes to tak.
as_root tak sh -c 'mkdir -p /root/.ssh; cat >/root/.ssh/authorized_keys' \
    <"$(root_of kalaw)/etc/ssh/ssh_host_ed25519_key.pub"
caches() { # SIGNING_KEY_OF_TAK
    inventory "[caches.kalaw.link.pai]
address = \"router.example\"

[hosts.tak]
module = \"configuration-tak.nix\"
address = \"router.example\"
port = 2222
host-key = \"$(host_key tak)\"

[caches.tak]
clients = [\"pai\"]
signing-key = \"$1\""
}
caches pending
switch kalaw && switch tak || exit 1
caches "$(signing_key tak)"
switch kalaw && switch tak && switch pai || exit 1
within kalaw env -i PATH="$HOST_PATH" HOME=/root setsid ssh -o StrictHostKeyChecking=no -o BatchMode=yes \
    -i /etc/ssh/ssh_host_ed25519_key -g -N -L "0.0.0.0:2222:127.0.0.1:22" "root@$(address tak)" >/dev/null 2>&1 &
soon as_root kalaw sh -c 'ss -ltn | grep -q :2222'

for tag in near near-again; do has_built kalaw $tag; done
for tag in far far-again; do has_built tak $tag; done
builds pai alice near
check "what the one has: every path is fetched" all_copied
builds pai alice far
check "what the other has: every path is fetched" all_copied
check "Nix says which it is" grep -q "from 'ssh://nix-ssh@larder-tak" "$LOG"

# Without names of their own: one URL, and the first block is for both.
mutate 's/if sharesAddress then alias else address/address/'
# (Which block is first depends on where the modules are imported.)
builds pai alice near-again
near=$COPIED
builds pai alice far-again
far=$COPIED
check "control, by the address: one of them is in use" same $((near + far)) "$COUNT"
check "control, by the address: the other is never asked" same $((near * far)) 0

# A name of larder's own is none of the network's.
mutate '/^ +HostName /d'
has_built tak far-unknown
builds pai alice far-unknown
check "without its address: nobody knows where it is" all_built

mend
stop kalaw sshd
has_built kalaw none
builds pai alice none
check "the one is off: built here" all_built
check "the one is off: the other is not taken for it" as_root pai test ! -e /run/larder-down-tak
