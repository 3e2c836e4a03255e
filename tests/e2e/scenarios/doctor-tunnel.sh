# shellcheck shell=bash
# `larder doctor` on pai, which has a tunnel to kalaw: the whole of it is proven, and what is
# broken behind the port is named.
two_hosts
wire "$HARMONIA"
connected pai
doctor_ready
ln -f "$(root_of pai)/var/log/larder-tunnel-kalaw.log" "$BOX/e2e/pai.larder-tunnel-kalaw.log" 2>/dev/null
in_fleet_doctor() { # root|alice [ARGUMENT...]
    as_root pai rm -rf /root/.cache/nix
    "as_$1" pai /e2e/larder -C /fleet --json doctor pai "${@:2}" >"$BOX/doctor.json" 2>"$BOX/doctor.err" </dev/null
    STATUS=$?
    cat "$BOX/doctor.json" "$BOX/doctor.err" >>"$BOX/doctor.all"
    FOUND=$(found)
    cat "$BOX/doctor.json" "$BOX/doctor.err" >"$LOG"
}
as_root pai git config --system --add safe.directory /fleet
for user in root alice; do
    in_fleet_doctor $user "${HALF[@]}"
    check "$user: proven, with what the cache has built" finds 0 proven
done
in_fleet_doctor root --all "${HALF[@]}"
check "all clients: proven" finds 0 proven

as_root kalaw mv /etc/ssh/authorized_keys.d/larder-cache /etc/ssh/aside
restart kalaw sshd
hang_up kalaw
soon not is_connected pai
tries_again pai
soon eval 'tunnel_log pai | grep -q "Permission denied"'
in_fleet_doctor root "${HALF[@]}"
check "not let in: the tunnel is named" finds 1 connection-refused
check "not let in: with its unit" grep -q "larder-tunnel-kalaw" "$BOX/doctor.json"
as_root kalaw mv /etc/ssh/aside /etc/ssh/authorized_keys.d/larder-cache
restart kalaw sshd
tries_again pai
connected pai
in_fleet_doctor root "${HALF[@]}"
check "let in again: proven" finds 0 proven
# What systemd hands to the tunnel is there by its order.
as_root pai rm -r /run/credentials
no_secret_is_left
