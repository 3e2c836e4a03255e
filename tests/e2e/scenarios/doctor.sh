# shellcheck shell=bash
# On a fleet without a fault, doctor proves it, with one login. What only looks right is
# not proven.
two_hosts
wire
doctor_ready

before=$(grep -c "Accepted publickey for nix-ssh" "$BOX/kalaw/sshd.log")
for user in root alice; do
    # The wiring itself tries a login when it has not seen one for a while.
    as_root pai sh -c 'echo 1 0 >/run/larder-login-kalaw'
    doctor $user "${HALF[@]}"
    check "$user: proven" finds 0 proven
    after=$(grep -c "Accepted publickey for nix-ssh" "$BOX/kalaw/sshd.log")
    check "$user: with one login at the cache" same $((after - before)) 1
    check "$user: the probe does not stay on the client" not as_root pai sh -c 'ls -d /nix/store/*-larder-probe-* 2>/dev/null'
    before=$after
done
quickest() { # root|alice: of three runs, for other scenarios run meanwhile
    local run best=
    for run in 1 2 3; do
        doctor "$1" "${HALF[@]}"
        [ -n "$best" ] && [ "$best" -le "$TOOK" ] || best=$TOOK
    done
    echo "$best"
}
# A figure, and no check: how long it takes is the machine's affair.
for user in root alice; do echo "  $user: proven in $(quickest $user) ms"; done

# A path that is named needs no half of the cache.
has_built kalaw named
path=$(path_of kalaw named)
forgive
doctor alice --no-server
check "without a path and the cache: not proven" finds 2 open
forgive
doctor alice --no-server "$path"
check "with a path: proven" finds 0 proven
forgive
doctor alice --no-server "$path"
check "a path that is there proves nothing" finds 1 path-already-here
as_root kalaw sh -c 'echo hello >/root/file; nix-store --add /root/file' >"$BOX/added" 2>/dev/null
forgive
doctor root --no-server "$(cat "$BOX/added")"
check "a path known by its content proves nothing" finds 1 content-addressed-path
forgive
doctor root --dry-run
check "with --dry-run nothing is fetched" finds 2 open

# Green for another reason.
human pai '{ nix.settings.require-sigs = false; }'
switch pai
fault signatures-not-required signatures-not-required
human pai '{ }'
edit_use() { sed -i -E "$1" "$FLEET/larder/use.nix"; fleet_commit "use.nix: $1"; switch pai; }
edit_use 's/\?priority=/?trusted=1\&priority=/'
fault store-trusted store-trusted
fleet_git checkout -q HEAD~1 -- larder && fleet_commit "as it was"
switch pai
healthy "as it was"
no_secret_is_left
