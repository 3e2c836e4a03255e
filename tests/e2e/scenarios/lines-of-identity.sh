# shellcheck shell=bash
# Each line of the script that makes a host's own key is needed: without it there is
# no key, or nobody hears of it.
two_hosts
KEY=/var/lib/larder/identity
inventory "" "identity = { file = \"$KEY\", make = true }"
become() {
    build_system pai >"$LOG" 2>&1 || { cat "$LOG"; exit 1; }
    as_root pai $SYSTEM >"$BOX/pai.activate.log" 2>&1 </dev/null
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
has_key() { as_root pai test -s $KEY; }
says() { grep -q "$1" "$BOX/pai.activate.log"; }

no_key_yet
become
check "whole: a key is made" has_key
for line in '/^ +identity=/d' '/^ +rm -f /d' '/^ +\$\{config.programs.ssh.package/d' '/^ +&& mv -f /d' \
    's/^(  system.activationScripts)\..* = /\1.other = lib.optionalString false /'; do
    without "$line"
    check "without $line: no key" not has_key
done
take_away identity '/^ +mkdir -p /d'
as_root pai rm -rf /var/lib/larder
become
check "without a folder: no key" not has_key
for words in "made a key" "larder keys set"; do
    fleet_sync
    no_key_yet
    become
    check "whole: says $words" says "$words"
    without "/echo .*$words/d"
    check "without that line: a key is made" has_key
    check "without that line: does not say so" not says "$words"
done
# Made once, it stays.
fleet_sync
no_key_yet
become
made=$(as_root pai cat $KEY.pub)
become
check "whole: the key stays" same "$(as_root pai cat $KEY.pub)" "$made"
take_away identity 's/if \[ ! -s "\$identity" \]/if true/'
become
check "without asking if it is there: another one" not same "$(as_root pai cat $KEY.pub)" "$made" >/dev/null
