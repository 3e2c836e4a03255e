# shellcheck shell=bash
# Each of the three keys is changed without an outage: for a while there are two.
two_hosts
wire
works() { # WHAT TAG: built before and after
    has_built kalaw "$2"
    builds pai alice "$2"
    check "$1: what is built now is fetched" all_copied
}
has_built kalaw old
has_built kalaw old-pin
works "one of each" start

# The signing key.
as_root kalaw nix-store --generate-binary-cache-key kalaw-2 /var/lib/larder/kalaw-2.secret /var/lib/larder/kalaw-2.public
second=$(cat "$(root_of kalaw)/var/lib/larder/kalaw-2.public")
edit_cache kalaw "s|(signingKeys = \[) (.*) \]|\1 \2 \"$second\" ]|"
switch pai
works "clients trust both signing keys" sign1
edit_cache kalaw 's|(signingKeyFiles = \[) (.*) \]|\1 \2 "/var/lib/larder/kalaw-2.secret" ]|'
switch kalaw
works "the cache signs with both" sign2
as_root kalaw sh -c 'nix store sign --all --key-file /var/lib/larder/kalaw-2.secret' >"$BOX/sign.log" 2>&1
edit_cache kalaw "s|keys.signing.kalaw \"|\"|; s|\"/var/lib/larder/kalaw-1.secret\"||"
switch kalaw
switch pai
works "the old signing key is gone" sign3
builds pai alice old
check "the old signing key is gone: older paths are fetched" all_copied

# The pin.
as_root kalaw ssh-keygen -q -t ed25519 -N "" -C "" -f /etc/ssh/next
next=$(cut -d ' ' -f 1,2 "$(root_of kalaw)/etc/ssh/next.pub")
edit_cache kalaw "s|(hostKeys = \[) (.*) \]|\1 \2 \"$next\" ]|"
switch pai
works "two pins, the old host key" pin1
as_root kalaw sh -c 'mv /etc/ssh/next /etc/ssh/ssh_host_ed25519_key; mv /etc/ssh/next.pub /etc/ssh/ssh_host_ed25519_key.pub'
restart kalaw sshd
works "two pins, the new host key" pin2
edit_cache kalaw "s|keys.hosts.kalaw \"|\"|"
switch pai
works "the old pin is gone" pin3

# The client's key.
as_root pai ssh-keygen -q -t ed25519 -N "" -C "" -f /etc/ssh/next
next=$(cut -d ' ' -f 1,2 "$(root_of pai)/etc/ssh/next.pub")
edit_cache kalaw "s|(clients = \[) (.*) \]|\1 \2 \"$next\" ]|"
switch kalaw
works "two keys may log in" login1
as_root pai sh -c 'mv /etc/ssh/next /etc/ssh/ssh_host_ed25519_key; mv /etc/ssh/next.pub /etc/ssh/ssh_host_ed25519_key.pub'
works "the client has the new one" login2
edit_cache kalaw "s|keys.hosts.pai \"|\"|"
switch kalaw
works "the old one may not any more" login3
