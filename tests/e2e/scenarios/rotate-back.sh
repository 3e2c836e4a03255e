# shellcheck shell=bash
# One step back at each step, of each kind of key, with builds and fetches between any two
# switches; two keys of one host that change at once; and a step that was taken by force.
COUNT=4
two_hosts
wire "" 'identity = { file = "/var/lib/larder/identity", make = true, key = "pending" }' >/dev/null
larder keys set pai --identity "$(public_of pai /var/lib/larder/identity)" || exit 1
switch kalaw && switch pai || exit 1
rotate_ready kalaw pai
works "before"

# Whoever signs with a new key signs what is there, before its clients go by it.
sign_anew() {
    as_root kalaw sh -c 'for key in /var/lib/larder/kalaw-*.secret; do nix store sign --all --key-file $key; done' >"$BOX/sign.log" 2>&1
}
forward() { # KIND NAME
    step "$@" --sure
    becomes kalaw pai
    [ "$1" != signing-key ] || sign_anew
}
back() { # KIND NAME
    step "$@" --abort
    becomes pai kalaw
}

for of in "signing-key kalaw" "host-key kalaw" "identity pai"; do
    for at in 0 1 2; do
        cp "$FLEET/larder.toml" "$BOX/at$at.toml"
        cp -r "$FLEET/larder" "$BOX/at$at"
        # shellcheck disable=SC2086
        forward $of
    done
    for at in 2 1 0; do
        # shellcheck disable=SC2086
        back $of
        check "$of, back at step $at: larder.toml is as it was" cmp "$FLEET/larder.toml" "$BOX/at$at.toml"
        check "$of, back at step $at: the wiring is as it was" diff -r "$FLEET/larder" "$BOX/at$at"
        rm -r "${BOX:?}/at$at"
    done
    # shellcheck disable=SC2086
    in_fleet "$LARDER" --yes rotate $of --abort >"$LOG" 2>&1 </dev/null
    check "$of: not further back" grep -q "^error.rotation-not-begun" "$LOG"
done

# Two keys of kalaw at once: each goes its own way, and one of them back.
step signing-key kalaw
step host-key kalaw
becomes kalaw pai
step signing-key kalaw
step host-key kalaw
in_fleet "$LARDER" rotate >"$LOG" 2>&1
check "both are under way" same "$(grep -c '^signing key of kalaw:\|^SSH host key of kalaw:\|^host key of kalaw:' "$LOG")" 2
becomes pai kalaw
sign_anew
step host-key kalaw
becomes kalaw
step signing-key kalaw
becomes pai kalaw
step host-key kalaw --abort
becomes kalaw pai
step host-key kalaw
becomes kalaw pai
step signing-key kalaw
step host-key kalaw
becomes kalaw pai
check "no key is being changed" grep -q "no key is being changed" <(in_fleet "$LARDER" rotate)
check "the new host key is pinned, and no other" same "$(as_root pai grep -c '^larder-kalaw ' /etc/ssh/ssh_known_hosts)" 1

# A step by force: kalaw goes over to its new host key, and pai was never told of it.
larder rotate host-key kalaw && switch kalaw && larder rotate host-key kalaw || exit 1
larder rotate host-key kalaw --sure && switch kalaw || exit 1
in_fleet "$LARDER" doctor pai >"$LOG" 2>&1
check "by force: doctor says what it is" grep -q "host-key-changed" "$LOG"
check "by force: and which step was skipped" grep -q "larder.toml: .*host key is being changed" "$LOG"
switch pai || exit 1
forget pai
works "the step is made up for"
larder rotate host-key kalaw --sure || exit 1
becomes pai kalaw
check "no login failed before that" not grep -q "Failed publickey" "$BOX/kalaw/sshd.log"
