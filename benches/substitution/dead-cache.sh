# shellcheck shell=bash
# What a cache that is off costs: a build of 50 paths that refer to each other in a
# row and that nobody has, and an update of 306 paths that cache.nixos.org has.
HERE=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=SCRIPTDIR/hosts.sh
. "$HERE/hosts.sh"

COUNT=50

# Each build is of paths that are new to all.
BUILDS=0
build() { # CASE WIRING HOST OPTION...
    BUILDS=$((BUILDS + 1))
    # shellcheck disable=SC2046
    timed as_root "$3" timeout 300 nix-build $(closure "n$BUILDS") "${@:4}"
    [ "$STATUS" != 0 ] || same "$(grep -ac '^building ' "$LOG")" "$COUNT" || broken "$1"
    result "build, $1" "$2" "$SECONDS_TAKEN" "$([ "$STATUS" = 0 ] || echo "the build fails")"
}

update() { # CASE WIRING HOST OPTION...
    timed as_root "$3" timeout 300 nix-store --realise "$CLOSURE" "${@:4}"
    # Nix before 2.10 ends where a cache over HTTP does not answer.
    [ "$STATUS" = 0 ] || [[ $2 = *harmonia* ]] || broken "$1"
    as_root "$3" nix-store --gc >/dev/null 2>&1
    result "update, $1" "$2" "$SECONDS_TAKEN" "$([ "$STATUS" = 0 ] || echo "the update fails")"
}

# At first nobody remembers anything.
everyone() { # CASE
    forget pai
    build "$1" generated pai
    build "$1" "generated, remembered" pai
    [ "$1" = blackholed ] && return # that takes hours: see by-hand.sh
    build "$1" "by hand" thazi
    build "$1" "by hand + fallback" thazi --option fallback true
}

laptop() { # WIRING
    forget pai
    update blackholed "$1" pai
    update blackholed "$1, remembered" pai
}

round() {
    build "no cache" none thazi --option substituters ''
    stop kalaw sshd
    everyone refused
    start kalaw sshd
    names pai
    names thazi
    everyone "name unknown"
    names pai "$(address kalaw)" kalaw.fritz.box
    names thazi "$(address kalaw)" kalaw.fritz.box
    vanish kalaw
    everyone blackholed
    update "no cache" none thazi --option substituters file:///srv/public
    laptop generated
    becomes ssh "roaming = true"
    laptop "generated, roaming"
    appear kalaw
    through_tunnel
    becomes ssh
}

# The same with the other engine, whose connection is given up first.
through_tunnel() {
    becomes harmonia
    stop kalaw sshd
    hang_up kalaw
    soon not is_connected pai
    build refused "generated, harmonia" pai
    start kalaw sshd
    tries_again pai
    connected pai
    vanish kalaw
    build blackholed "generated, harmonia, at once" pai
    while is_connected pai; do sleep 0.2; done
    build blackholed "generated, harmonia" pai
    update blackholed "generated, harmonia" pai
    appear kalaw
    becomes harmonia "roaming = true"
    update "answers" "generated, harmonia, roaming" pai
    vanish kalaw
    while is_connected pai; do sleep 0.2; done
    update blackholed "generated, harmonia, roaming" pai
    appear kalaw
}

three_hosts
all_paths
as_root kalaw nix copy --to 'file:///srv/public?compression=none&secret-key=/e2e/public.secret' "$CLOSURE" \
    >"$LOG" 2>&1 || broken "the public cache"
for ((i = 0; i < RUNS; i++)); do round; done
