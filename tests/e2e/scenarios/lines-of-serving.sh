# shellcheck shell=bash
# Each line of the module that serves is needed: without it the cache makes no key,
# cannot build, serves nobody, or says nothing.
two_hosts
SECRET=/var/lib/larder/kalaw-1.secret
COUNT=3

# kalaw without a line. It becomes so also where it can build nothing any more, or a
# snippet fails; and what earlier ones have left in /etc is no answer.
without() { # SED
    take_away serve "$1"
    become
}
become() {
    as_root kalaw rm -rf /etc/ssh/authorized_keys.d /etc/ssh/sshd_config
    build_system kalaw --option secret-key-files "" >"$LOG" 2>&1 || { cat "$LOG"; exit 1; }
    as_root kalaw $SYSTEM >"$BOX/kalaw.activate.log" 2>&1
    restart kalaw nix-daemon
    restart kalaw sshd
    forget pai
}
whole() {
    fleet_sync
    become
}
no_key_yet() { as_root kalaw rm -rf /var/lib/larder; }
has_key() { grep -qs "^$1:" "$(root_of kalaw)$SECRET"; }
can_build() { has_built kalaw "$1" >/dev/null; }
says() { grep -q "$1" "$BOX/kalaw.activate.log"; }

# A key that nobody knows yet.
inventory
whole
check "whole: a key is made" has_key kalaw-1
check "whole: the cache builds" can_build whole
number=0
for line in '/^ +mkdir -p /d' '/--generate-binary-cache-key /d' '/^ +&& mv -f /d' '/^ +secret=\$/d' \
    '/^ +public=\$/d' '/\$\{generate keyName\}/d' 's/^(  system.activationScripts).larder-signing-key = .*/\1.other = lib.mkIf false (/'; do
    no_key_yet
    without "$line"
    check "without $line: no key" not has_key kalaw-1
    check "without $line: the cache cannot build" not can_build "key$((number++))"
done
for words in "made the signing key" "larder keys set" "sign once what was built" "store sign --all"; do
    no_key_yet
    whole
    check "whole: says $words" says "$words"
    no_key_yet
    without "/echo .*$words/d"
    check "without that line: a key is made" has_key kalaw-1
    check "without that line: does not say so" not says "$words"
done

# The key is known, and lost.
no_key_yet
whole
inventory
switch pai || exit 1
as_root kalaw cp -a /var/lib/larder /backup
no_key_yet
whole
check "whole, lost: no key of the same name" not has_key kalaw-1
check "whole, lost: the cache builds" can_build lost
for words in "is gone from" "put it back from your backup"; do
    check "whole, lost: says $words" says "$words"
    without "/echo .*$words/d"
    check "without that line: does not say so" not says "$words"
done
no_key_yet
without '/\$\{generate lost\}/d'
check "without a stand-in: the cache cannot build" not can_build no-stand-in
no_key_yet
without 's/known = .*/known = false;/'
check "without knowing: another key of the same name" has_key kalaw-1
as_root kalaw cp -a /backup/. /var/lib/larder/

# A key in somebody else's place.
inventory 'signing-key-file = "/run/agenix/kalaw-1"'
become
check "whole, a foreign path: no key is made" not as_root kalaw test -e /run/agenix
without 's/lib.filter \(.*\) signingKeyFiles/signingKeyFiles/'
check "without telling whose it is: a key is made there" as_root kalaw test -e /run/agenix/kalaw-1
as_root kalaw rm -rf /run/agenix

# What is served, to whom, and signed by whom.
inventory
whole
has_built kalaw served
builds pai alice served
check "whole: every path is fetched" all_copied
fetches_nothing() { # WHAT SED TAG
    without "$2"
    has_built kalaw "$3"
    builds pai root "$3"
    check "$1: nothing is fetched" all_built
}
fetches_nothing "without secret-key-files" 's/(secret-key-files =) signingKeyFiles/\1 [ ]/' unsigned
check "without secret-key-files: Nix says so" grep -q "not signed by any of the keys" "$LOG"
fetches_nothing "without enable" '/^    enable = true;/d' not-served
fetches_nothing "without keys" '/^    keys = clients;/d' no-keys
check "without keys: the client is refused" grep -q "Permission denied" "$LOG"

inventory 'protocol = "ssh-ng"'
switch pai || exit 1
whole
has_built kalaw ng
builds pai alice ng
check "whole, ssh-ng: every path is fetched" all_copied
fetches_nothing "without protocol" '/^    inherit protocol;/d' other

# Passwords, where sshd is there for the cache alone.
sshd_says() { as_root kalaw sshd -T 2>/dev/null | grep -qix "$1"; }
inventory
whole
check "control: an sshd of the host's own takes passwords" sshd_says "passwordauthentication yes"
inventory 'enable-sshd = true'
whole
for setting in PasswordAuthentication KbdInteractiveAuthentication; do
    check "whole: no $setting" sshd_says "$setting no"
    without "/^    $setting = /d"
    check "without that line: $setting" sshd_says "$setting yes"
    whole
done
inventory
take_away serve 's/lib.mkIf enableSshd \{/{/'
become
check "without asking whose sshd it is: none of the host's own either" sshd_says "passwordauthentication no"
human kalaw '{ services.openssh.settings.PasswordAuthentication = true; }'
inventory 'enable-sshd = true'
whole
check "whole: the host's own word holds" sshd_says "passwordauthentication yes"
take_away serve 's/PasswordAuthentication = lib.mkDefault false/PasswordAuthentication = false/'
check "without mkDefault: two words for one thing" not build_system kalaw >"$LOG" 2>&1
