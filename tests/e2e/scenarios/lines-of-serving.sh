# shellcheck shell=bash
# Each line of the module that serves is needed: without it the cache makes no key,
# cannot build, serves nobody, or says nothing.
two_hosts
COUNT=3

# kalaw without a line. It becomes so also where it can build nothing any more; and what
# earlier ones have left in /etc is no answer.
without() { # SED
    take_away serve "$1"
    become
}
become() {
    as_root kalaw rm -rf /etc/ssh/authorized_keys.d /etc/ssh/sshd_config
    build_system kalaw --option secret-key-files "" >"$LOG" 2>&1 || { cat "$LOG"; exit 1; }
    activate kalaw
    restart kalaw sshd
    forget pai
}
whole() {
    fleet_sync
    become
}
can_build() { has_built kalaw "$1" >/dev/null; }
has_key() { as_root kalaw test -s /var/lib/larder/kalaw-1.secret; }

inventory
without '/^  systemd.services.larder-signing-key = /{:a;/\n  };/!{N;ba};d}'
check "without the service: no key" not has_key
check "without the service: the cache cannot build" not can_build no-service
whole
check "whole: a key is made" has_key
check "whole: the cache builds" can_build whole
inventory
switch pai || exit 1

# A key in somebody else's place.
FOREIGN='signing-key-file = "/run/agenix/kalaw-1"'
as_root kalaw mv /var/lib/larder /aside
inventory "$FOREIGN"
whole
check "whole, a foreign file: it is not made" not as_root kalaw test -e /run/agenix
signing_key() { echo pending; }
inventory "$FOREIGN"
whole
check "whole, a foreign file that is pending: the cache builds" can_build foreign
without 's/^  keyFiles = lib.optionals .*\) \(map/  keyFiles = (map/'
check "without telling whose it is: the cache cannot build" not can_build foreign-named
as_root kalaw mv /aside /var/lib/larder
signing_key() { cat "$(root_of "$1")/var/lib/larder/$1-1.public"; }

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
fetches_nothing "without secret-key-files" 's/(secret-key-files =) .*/\1 [ ];/' unsigned
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
    without "/^      $setting = /d"
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
