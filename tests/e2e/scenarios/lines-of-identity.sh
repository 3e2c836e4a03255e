# shellcheck shell=bash
# Each line of the service that makes a host's own key is needed: without it there is
# no key, or nobody hears of it.
two_hosts tak
KEY=/var/lib/larder/identity
identity() { # [KEY]
    inventory "" "identity = { file = \"$KEY\", make = true${1:+, key = \"$1\"} }"
}
identity
become() {
    build_system pai >"$LOG" 2>&1 || { cat "$LOG"; exit 1; }
    as_root pai rm -rf /run/larder
    as_root pai $SYSTEM multi-user >"$BOX/pai.activate.log" 2>&1 </dev/null
}
# pai as it is at first; an earlier attempt was cut short.
without() { # SED
    take_away identity "$1"
    no_key_yet
    become
}
no_key_yet() {
    as_root pai sh -c "rm -rf /var/lib/larder; mkdir -p /var/lib/larder; echo half >$KEY.new"
}
evaluates() { build_system pai >"$LOG" 2>&1; }
unit_failed() { as_root pai sh -c 'ls /run/failed/larder-identity-*' >/dev/null 2>&1; }
has_key() { as_root pai test -s $KEY; }
public() { as_root pai cut -d ' ' -f 1,2 $KEY.pub; }
says() { grep -q "$1" "$BOX/pai.activate.log"; }
finds() { as_root pai sh -c 'cat /run/larder/larder-identity-*' 2>/dev/null | grep -qxF "$1"; }

no_key_yet
become
check "whole: a key is made" has_key
check "whole: finds it pending" finds "pending $(public) $KEY"
for line in '/^ +identity=/d' '/^ +rm -f /d' '/^ +\$\{config.programs.ssh.package.*-t ed25519/d' '/^ +mv -f "\$identity.new" /d' \
    's/^(  systemd.services)\..* = /\1.other = lib.mkIf false (/; s/^  };$/  });/'; do
    without "$line"
    check "without $line: no key" not has_key
done
# Where the Nix daemon runs as somebody else, who is to read the key.
owner() { as_root pai stat -c '%a %U' $KEY; }
human pai '{ nix.daemonUser = "alice"; }'
fleet_sync
no_key_yet
become
check "whole: whoever runs the Nix daemon can read it, and nobody else" same "$(owner)" "600 alice"
without '/^ +chown /d'
check "without chown: only root can" same "$(owner)" "600 root"
human pai '{ }'

for fact in description files; do
    take_away identity "/^    $fact = /d"
    check "without its $fact: it does not evaluate" not evaluates
done
without '/^ +mv -f "\$identity.new.pub" /d'
check "without its public half: nobody can tell the fleet" not as_root pai test -e $KEY.pub
take_away identity '/^ +mkdir -p "\$\(dirname/d'
as_root pai rm -rf /var/lib/larder
become
check "without a folder: no key" not has_key
for words in "made a key" "larder keys set"; do
    fleet_sync
    no_key_yet
    become
    check "whole: says $words" says "$words"
    without "/echo \"[^<]*$words/d"
    check "without that line: a key is made" has_key
    check "without that line: does not say so" not says "$words"
done

# A disk that is full.
fleet_sync
as_root pai sh -c "rm -rf /var/lib/larder; mkdir /var/lib/larder; mount -t tmpfs -o size=4k tmpfs /var/lib/larder; cat /dev/zero >/var/lib/larder/filled" 2>/dev/null
become
check "whole, disk full: the unit has failed" unit_failed
check "whole, disk full: not announced" not says "made a key"
as_root pai umount /var/lib/larder

# Made once, it stays.
no_key_yet
become
made=$(public)
become
check "whole: the key stays" same "$(public)" "$made"
take_away identity 's/if \[ ! -s "\$identity" \]/if true/'
become
check "without asking if it is there: another one" not same "$(public)" "$made" >/dev/null
made=$(public)

# It is known, and later another one. (That it has a comment makes no difference.)
as_root pai ssh-keygen -q -c -C root@pai -f $KEY
identity "$made"
become
check "whole, known: finds it trusted" finds "trusted $made $KEY"
check "whole, known: nothing is said" not says larder:
take_away identity '/^  known = /d'
check "without its public half: it does not evaluate" not evaluates
for line in 's/^ +known=.*/      known=/' '/^ +public=/d' '/^ +read -r /d' '/^ +public="/d' '/^ +state=trusted$/d' \
    '/^ +mkdir -p \/run/d' '/^ +echo "\$state /d'; do
    take_away identity "$line"
    build_system pai >"$LOG" 2>&1 && become
    check "without $line: not found trusted" not finds "trusted $made $KEY"
    as_root pai rm -rf /run/larder
done
identity
take_away identity '/^ +state=pending$/d'
become
check "without the word: not found pending" not finds "pending $made $KEY"
identity "$made"
no_key_yet
become
check "whole, another one: finds that it differs" finds "differs $(public) $KEY"
for words in "caches refuse the key" "replace '"; do
    fleet_sync
    become
    check "whole, another one: says $words" says "$words"
    take_away identity "/echo .*$words/d"
    become
    check "without that line: does not say so" not says "$words"
done
take_away identity '/^ +state=differs$/d'
become
check "without the word: not found" not finds "differs $(public) $KEY"
take_away identity 's/^ +elif \[ "\$public" .*/elif false; then/'
become
check "without comparing: not found" not finds "differs $(public) $KEY"

# The key changes: the one that takes its place is no stranger.
third=$(public)
inventory "" "identity = { file = \"$KEY\", make = true, key = [\"$made\", \"$third\"], use-new = true }"
fleet_sync
become
check "whole, the new one is in place: finds it trusted" finds "trusted $third $KEY"
for line in 's/^  next = .*/  next = "";/' 's/^ +next=.*/      next=/' 's/ && \[ "\$public" != "\$next" \]//'; do
    take_away identity "$line"
    become
    check "without $line: finds that it differs" finds "differs $third $KEY"
done

# Two files of one name.
inventory 'identity = { file = "/var/lib/larder/identity", make = true }
[hosts.tak]
module = "configuration-tak.nix"
[caches.tak]
clients = ["pai"]
identity = { file = "/srv/larder/identity", make = true }'
become
check "whole, two files of one name: both are made" as_root pai test -s /srv/larder/identity
take_away identity 's/^  unit = .*/  unit = "larder-identity-${baseNameOf file}";/'
check "without telling them apart: it does not evaluate" not evaluates
