# shellcheck shell=bash
# A host without sshd, and so without a host key, logs in with a key of its own.
two_hosts
inventory
switch kalaw

# Without one it cannot be evaluated, and the message says what to do.
human pai '{ lib, ... }: { services.openssh.enable = lib.mkForce false; }'
inventory
check "its host key: the evaluation fails" not build_system pai >"$LOG" 2>&1
check "its host key: and says why" grep -q "it has none: .services.openssh. is off" "$LOG"
for line in '/^ +assertion = /d' '/^ +message = /d'; do
    take_away login-key "$line"
    check "without $line: the evaluation fails" not build_system pai >"$LOG" 2>&1
    check "without $line: does not say why" not grep -q "it has none:" "$LOG"
done
# Only then can a client without a key be built at all.
take_away use '/^  inherit \(login\) assertions;/d'
check "without the assertion: it evaluates" switch pai
has_built kalaw nothing
builds pai root nothing
check "without the assertion: and fetches nothing" all_built

# A key made elsewhere, by whoever set it up.
as_root pai ssh-keygen -q -t ed25519 -N "" -C "" -f /etc/nixos-key
public() { cut -d ' ' -f 1,2 "$(root_of pai)$1.pub"; }
inventory "" "identity = { file = \"/etc/nixos-key\", key = \"$(public /etc/nixos-key)\" }"
switch kalaw
switch pai
# What was refused is remembered.
forget pai
has_built kalaw given
builds pai alice given
check "a key that was given to it: every path is fetched" all_copied

# A key that it makes itself.
asks_kalaw() { as_root pai cat /etc/nix/nix.conf | grep -q nix-ssh@kalaw.fritz.box; }
check "control: the cache is asked" asks_kalaw
inventory "" 'identity = { file = "/var/lib/larder/identity", make = true }'
switch kalaw
switch pai
check "a key of its own: activation says what to do" grep -q "larder keys set pai" "$BOX/pai.activate.log"
check "a key of its own: only root can read it" same "$(as_root pai stat -c '%a %U' /var/lib/larder/identity)" "600 root"
check "a key of its own: nothing is asked before it is known" not asks_kalaw
inventory "" "identity = { file = \"/var/lib/larder/identity\", make = true, key = \"$(public /var/lib/larder/identity)\" }"
switch kalaw
switch pai
check "a key of its own: it stays" not grep -q "larder: made" "$BOX/pai.activate.log"
has_built kalaw made
builds pai alice made
check "a key of its own: every path is fetched" all_copied
