# shellcheck shell=bash
# Each fact about a cache is used, and each line that brings a module in: without it
# a host cannot be evaluated, or is no part of the fleet.
two_hosts
wire
evaluates() { build_system "$1" >"$LOG" 2>&1; }
check "whole: the cache evaluates" evaluates kalaw
check "whole: the client evaluates" evaluates pai

# By which keys, of whom.
key_of() { cut -d ' ' -f 1,2 "$(root_of "$1")/etc/ssh/ssh_host_ed25519_key.pub"; }
inventory
for keys in hosts signing; do
    take_away keys "/^  $keys = /{:a;/;\$/!{N;ba};d}"
    check "without the keys of $keys: the client does not" not evaluates pai
done
take_away caches/kalaw '/^  keys = import /d'
check "without all keys: the client does not" not evaluates pai
inventory "" "identity = { file = \"/etc/key\", key = \"$(key_of pai)\" }"
check "whole, a key of its own: the cache evaluates" evaluates kalaw
take_away keys '/^  identities = /{:a;/;$/!{N;ba};d}'
check "without the keys of clients: the cache does not" not evaluates kalaw
inventory "identity = { file = \"/etc/key\", key = \"$(key_of pai)\" }"
check "whole, a key for all: the cache evaluates" evaluates kalaw
take_away keys '/^  shared = /{:a;/;$/!{N;ba};d}'
check "without the key for all: the cache does not" not evaluates kalaw
inventory

both() { evaluates kalaw && evaluates pai; }
for fact in name clients address port proxyJump priority protocol identity hostKeys signingKeys signingKeyName signingKeyFiles makeSigningKey enableSshd; do
    take_away caches/kalaw "/^  $fact = /d"
    check "without $fact: one of them does not" not both
done
for part in warnings effective; do
    take_away warn "/^  $part =\$/{:a;/;\$/!{N;ba};d}"
    check "without $part: the client does not" not evaluates pai
done
for argument in '/^        inherit config lib effective;/d' '/^        cache = import cache;/d' '/^        user = /d' '/^    cache = import cache /,/^    };/d'; do
    take_away serve "$argument"
    check "without $argument: the cache does not" not evaluates kalaw
done
for argument in description files; do
    take_away signing-key "/^  $argument = /d"
    check "without its $argument: the cache does not" not evaluates kalaw
done
asks_kalaw() { as_root pai grep -q nix-ssh@kalaw.fritz.box /etc/nix/nix.conf; }
mend
check "whole: the client asks the cache" asks_kalaw
take_away hosts/pai '/^  imports = /d'
switch pai
check "without the import: it does not" not asks_kalaw
take_away hosts/kalaw '/^  imports = /d'
check "control: the cache still evaluates" evaluates kalaw
serves() { as_root kalaw grep -q "Match User nix-ssh" /etc/ssh/sshd_config; }
check "whole: the cache serves" serves
switch kalaw
check "without the import: it does not" not serves
