# shellcheck shell=bash
# The root file system is wiped at each boot, and the folder of the keys is kept on a disk
# of its own: there they are made, and there they stay. systemd starts the service as
# early as its lines allow.
two_hosts
COUNT=3
KEPT='{ fileSystems."/var/lib/larder" = { device = "/persist/larder"; options = [ "bind" OTHER ]; }; }'
kept() { # HOST [OPTION]
    as_root "$1" mkdir -p /persist/larder
    human "$1" "${KEPT/OTHER/${2:-}}"
}
kept kalaw
kept pai
power_off() { # HOST
    as_root "$1" sh -c 'umount /var/lib/larder; rm -rf /var/lib/larder'
}
kept_key() { cat "$(root_of kalaw)/persist/larder/kalaw-1.public" 2>/dev/null || echo pending; }
signing_key() { kept_key; }
reboot() { # HOST
    power_off "$1" 2>/dev/null
    boot "$1"
}

inventory "" 'identity = { file = "/var/lib/larder/identity", make = true }'
switch kalaw
switch pai
made=$(kept_key)
check "the signing key is made where it stays" grep -q '^kalaw-1:' <(kept_key)
login=$(cut -d ' ' -f 1,2 "$(root_of pai)/persist/larder/identity.pub")
inventory "" "identity = { file = \"/var/lib/larder/identity\", make = true, key = \"$login\" }"
switch kalaw
switch pai
for time in first second; do
    reboot kalaw
    reboot pai
    has_built kalaw "$time"
    builds pai alice "$time"
    check "after the $time boot: what is built is fetched" all_copied
    check "after the $time boot: the same key" same "$(kept_key)" "$made"
    check "after the $time boot: nothing is said" not grep -q larder: "$BOX/kalaw.activate.log" "$BOX/pai.activate.log"
done

# A file system that boot does not wait for.
kept kalaw '"noauto"'
without() { # SED
    fleet_sync
    take_away key-unit "$1"
    build_system kalaw --option secret-key-files "" >"$LOG" 2>&1
    reboot kalaw
}
says() { grep -q "$1" "$BOX/kalaw.activate.log"; }
fleet_sync
switch kalaw
reboot kalaw
check "mounted later: nothing is said" not says larder:
without '/RequiresMountsFor/d'
check "without its mount: another key is made, and is no good" says "is gone from"
check "without its mount: the right one is where it was" grep -q '^kalaw-1:' "$(root_of kalaw)/persist/larder/kalaw-1.secret"

# A link that tmpfiles makes.
human kalaw '{ systemd.tmpfiles.rules = [ "L+ /var/lib/larder - - - - /persist/larder" ]; }'
fleet_sync
build_system kalaw >"$LOG" 2>&1
reboot kalaw
check "a link of tmpfiles: nothing is said" not says larder:
without 's/"sysinit.target"//'
check "without sysinit.target: another key is made" says "is gone from"
as_root kalaw sh -c 'rm -rf /var/lib/larder; ln -s /persist/larder /var/lib/larder'

# A key that a unit of agenix, sops-nix or clan brings.
for tool in agenix-install sops-install pass-install; do
    human kalaw "{ systemd.services.$tool-secrets = {
      serviceConfig.Type = \"oneshot\";
      unitConfig.DefaultDependencies = false;
      wantedBy = [ \"sysinit.target\" ];
      script = \"mkdir -p /run/secrets; /usr/bin/cp /persist/larder/kalaw-1.secret /run/secrets/kalaw\";
    }; }"
    inventory 'signing-key-file = "/run/secrets/kalaw"'
    build_system kalaw --option secret-key-files "" >"$LOG" 2>&1
    reboot kalaw
    check "$tool: the key is the right one" as_root kalaw grep -q ^trusted /run/larder/signing-key
    as_root kalaw rm -rf /run/secrets
    without "/$tool-secrets/d"
    check "without $tool: it is missing" says "is missing"
    as_root kalaw rm -rf /run/secrets
done
inventory

# Before the daemon: its first client finds the key. (Which is made anew each time.)
human kalaw '{ }'
signing_key() { echo pending; }
inventory
no_key_yet() { as_root kalaw sh -c 'rm -rf /var/lib/larder /run/larder'; }
evaluates() { build_system kalaw >"$LOG" 2>&1; }
in_order() { # STAGE...: has the key been made after these?
    local stage
    no_key_yet
    build_system kalaw --option secret-key-files "" >"$LOG" 2>&1
    for stage; do as_root kalaw $SYSTEM "$stage" >/dev/null 2>&1; done
    as_root kalaw test -e /var/lib/larder/kalaw-1.secret
}
fleet_sync
check "at a switch: before the daemon is restarted" in_order nix-daemon
check "at boot: before the socket is there" in_order socket
check "without a daemon: all the same" in_order multi-user
take_away key-unit '/^    "nix-daemon.service"$/d'
check "without the daemon's service: too late at a switch" not in_order nix-daemon
take_away key-unit '/^    "nix-daemon.socket"$/d'
check "without the socket: too late at boot" not in_order socket
take_away key-unit '/^    "multi-user.target"$/d'
check "without multi-user.target: only the daemon starts it" not in_order multi-user
take_away key-unit '/DefaultDependencies/d'
check "without that: it waits for the socket, and the socket for it" not evaluates
check "without that: says so" grep -q "Ordering cycle" "$LOG"
for line in '/^  inherit description script;/d' '/^  serviceConfig.Type = /d'; do
    take_away key-unit "$line"
    check "without $line: no key" not in_order nix-daemon
done
