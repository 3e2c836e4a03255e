# shellcheck shell=bash
# `larder rotate`, from the first step to the last and some steps back: between any two of
# them, and between any two switches, what is built is fetched and what was built stays so. The
# machines are asked before each step, and one that is not in force yet is waited for.
two_hosts
wire
rotate_ready kalaw pai
older() { # WHAT TAG
    builds pai alice "$2"
    check "$1: what was built before is fetched" all_copied
}
# The next step is not taken yet.
waits() { # CODE HOST ARGUMENT...
    local head status
    head=$(fleet_git rev-parse HEAD)
    in_fleet "$LARDER" --yes rotate "${@:3}" >"$LOG" 2>&1 </dev/null
    status=$?
    check "rotate ${*:3} waits for $2: $1" grep -q "^error.$1" "$LOG"
    check "it names $2" grep -q "^help: .$2. " "$LOG"
    check "and writes nothing" same "$status $(fleet_git rev-parse HEAD)" "1 $head"
}
for tag in older1 older2 older3; do has_built kalaw $tag; done
works "before"

# The signing key.
step signing-key kalaw
waits rotation-key-missing kalaw signing-key kalaw
becomes kalaw pai
second=$(cat "$(root_of kalaw)/var/lib/larder/kalaw-2.public")
check "the second key has a name of its own" grep -q '^kalaw-2:' <<<"$second"
check "the cache says how to go on" grep -q "larder rotate signing-key kalaw '" "$BOX/kalaw.activate.log"
step signing-key kalaw
check "the new key is fetched from the cache" grep -qF "\"$second\"]" "$FLEET/larder.toml"
waits rotation-not-in-force pai signing-key kalaw
becomes pai kalaw
check "the cache finds both trusted" same "$(as_root kalaw grep -c '^trusted ' /run/larder/signing-key)" 2
waits rotation-not-in-force kalaw signing-key kalaw
check "what is to be signed is the reason" grep -q "only the old key of .kalaw. has signed: .ssh -t .*store sign --all" "$LOG"
as_root kalaw sh -c 'nix store sign --all --key-file /var/lib/larder/kalaw-2.secret' >"$BOX/sign.log" 2>&1
in_fleet "$LARDER" rotate --live >"$LOG" 2>&1
check "the list says that it is in force" grep -q "in force everywhere" "$LOG"
check "and since when" grep -q "since 20" "$LOG"
step signing-key kalaw
waits rotation-not-in-force pai signing-key kalaw
becomes pai kalaw
check "the cache finds the old one leaving" as_root kalaw grep -q '^leaving kalaw-1:' /run/larder/signing-key
check "nothing is complained of" not grep -q "larder: .*not the one" "$BOX/kalaw.activate.log"
older "clients trust the new one alone" older1
step signing-key kalaw --abort
becomes pai kalaw
step signing-key kalaw
becomes kalaw pai
step signing-key kalaw
becomes kalaw pai
check "the old secret is not used" not as_root kalaw grep -q kalaw-1.secret /etc/nix/nix.conf
older "the old key is gone" older2

# The host keys: of the cache, which is its pin, and of the client, which is its login.
for host in kalaw pai; do
    [ $host = kalaw ] && other=pai || other=kalaw
    file=/etc/ssh/ssh_host_ed25519_key
    old=$(public_of $host $file)
    step host-key $host
    waits rotation-key-missing $host host-key $host
    becomes kalaw pai
    new=$(public_of $host $file.next)
    check "$host: the old key is in use" same "$(public_of $host $file)" "$old"
    step host-key $host
    check "$host: the new key is fetched" grep -qF "\"$new\"]" "$FLEET/larder.toml"
    waits rotation-not-in-force $other host-key $host
    becomes kalaw pai
    step host-key $host
    waits rotation-not-in-force $host host-key $host
    becomes kalaw pai
    check "$host: the new key is in use" same "$(public_of $host $file)" "$new"
    check "$host: only root can read it" same "$(as_root $host stat -c '%a %U' $file)" "600 root"
    step host-key $host --abort
    becomes kalaw pai
    check "$host: back, the old key is in use" same "$(public_of $host $file)" "$old"
    check "$host: back, the new one is kept" same "$(public_of $host $file.next)" "$new"
    step host-key $host
    becomes pai kalaw
    step host-key $host
    becomes pai kalaw
    check "$host: the new key stays" same "$(public_of $host $file)" "$new"
done

# A login key in a file of its own, which the client makes.
inventory_with_identity() {
    local keys
    keys=$(grep -n '^module = "configuration-pai.nix"' "$FLEET/larder.toml" | cut -d : -f 1)
    sed -i "${keys}a identity = { file = \"/var/lib/larder/identity\", make = true }" "$FLEET/larder.toml"
    larder sync || exit 1
}
inventory_with_identity
switch pai || exit 1
larder keys set pai --identity "$(public_of pai /var/lib/larder/identity)" || exit 1
becomes_after() { switch kalaw && switch pai || exit 1; }
becomes_after
works "a login key of its own"
step identity pai
becomes pai kalaw
# `keys pull` fetches it as well.
larder keys pull || exit 1
works "the new login key is pulled"
waits rotation-not-in-force kalaw identity pai
becomes kalaw pai
new=$(public_of pai /var/lib/larder/identity.next)
step identity pai
waits rotation-not-in-force pai identity pai
becomes pai kalaw
check "the client uses the new one" same "$(public_of pai /var/lib/larder/identity)" "$new"
check "the client finds nothing wrong" not grep -q "<3>larder" "$BOX/pai.activate.log"

# A machine that is off: nobody knows.
stop pai sshd
waits rotation-not-proven pai identity pai
start pai sshd
step identity pai
becomes kalaw pai

check "nobody was shut out" not grep -qi penalt "$BOX/kalaw/sshd.log"
check "no login failed" not grep -q "Failed publickey\|Connection closed by authenticating" "$BOX/kalaw/sshd.log"
older "after all of it" older3
