# shellcheck shell=bash
# A key changes in a fleet of 200 machines, three of which are off. Who is missing is said, and
# the next step is taken only if somebody insists. (One machine answers for all that are up.)
many=()
for number in {001..198}; do many+=("desk$number"); done
two_hosts "${many[@]}"
wire
human pai '{ services.openssh.settings.MaxStartups = "100"; }'
switch pai || exit 1
admin_ready kalaw pai
PATH=$ADMIN/bin:$PATH
for host in "${many[@]}"; do
    case $host in
    *00[123]) echo "10.77.0.20${host: -1} $host" ;;
    *) echo "$(address pai) $host" ;;
    esac >>"$ADMIN/hosts"
    ssh-keygen -q -t ed25519 -N '' -C '' -f "$ADMIN/$host"
    printf '\n[hosts.%s]\nmodule = "configuration-%s.nix"\nhost-key = "%s"\n' "$host" "$host" \
        "$(cut -d ' ' -f 1,2 "$ADMIN/$host.pub")" >>"$FLEET/larder.toml"
done
sed -i '1i Host desk*\nStrictHostKeyChecking no\nUserKnownHostsFile /dev/null\n' "$ADMIN/config"
sed -i 's/^clients = .*/clients = ["@all"]/' "$FLEET/larder.toml"
fleet_sync

larder rotate signing-key kalaw || exit 1
switch kalaw || exit 1
larder rotate signing-key kalaw || exit 1
as_root kalaw sh -c 'nix store sign --all --key-file /var/lib/larder/kalaw-2.secret' >"$BOX/sign.log" 2>&1
switch pai || exit 1
began=$SECONDS
in_fleet "$LARDER" --yes rotate signing-key kalaw >"$LOG" 2>&1 </dev/null
check "three are off: refused" same "$?" 1
check "it does not take long" at_most $((SECONDS - began)) 60
check "the three are named" grep -q '^error.rotation-not-proven.*on `desk001`, `desk002` and `desk003` is not known' "$LOG"
check "each with the reason" same "$(grep -c '^help: `desk00[123]` could not be asked: ssh: connect to host desk00' "$LOG")" 3
in_fleet "$LARDER" --json rotate --live >"$BOX/live.json" 2>&1
check "the list has the same three" same "$(grep -c '"state": "unknown"' "$BOX/live.json")" 3
larder rotate signing-key kalaw --sure
check "who insists goes on" grep -q '^use-new-signing-key = true' "$FLEET/larder.toml"
in_fleet "$LARDER" --yes rotate signing-key kalaw >"$LOG" 2>&1 </dev/null
check "nobody is switched: that comes first" grep -q '^error.rotation-not-in-force' "$LOG"
check "with the way to see all" grep -q 'more: `larder rotate --live`' "$LOG"
