# shellcheck shell=bash
# For scenarios that take lines of a client's tunnel away.

fetches() { # TAG
    has_built kalaw "$1"
    builds pai alice "$1"
    [ "$STATUS $COPIED" = "0 $COUNT" ]
}
# It has ended once, and does not listen.
logged() { tunnel_log pai | grep -q "$1"; }
forget_log() { : >"$(root_of pai)/var/log/larder-tunnel-kalaw.log"; }
fails() { soon logged "ended with" && ! is_connected pai; }
without() { # SED [MODULE]: on the client
    take_away "${2:-tunnel}" "$1"
    forget_log
    switch pai >"$LOG" 2>&1 || { cat "$LOG"; exit 1; }
    renew
}
# Another try, of which the log alone tells; sshd holds nothing against it.
renew() {
    restart kalaw sshd
    as_root pai pkill -x ssh
    forget_log
    tries_again pai
}
whole() {
    fleet_sync
    switch pai || exit 1
}
