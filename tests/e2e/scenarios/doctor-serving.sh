# shellcheck shell=bash
# What the cache runs, the path and its signature, and what the client makes of it: each
# fault is made, and doctor names it.
two_hosts
wire
doctor_ready
for tag in named damaged public; do has_built kalaw $tag; done
NAMED=$(path_of kalaw named)
kalaw=$(root_of kalaw)

# A file of a host from a command, for as long as a fault lasts.
edit() { # HOST FILE SED
    as_root "$1" cat "$2" >"$BOX/edited"
    mv "$(root_of "$1")$2" "$(root_of "$1")$2.kept"
    sed -E "$3" "$BOX/edited" >"$(root_of "$1")$2"
}
restore() { mv -f "$(root_of "$1")$2.kept" "$(root_of "$1")$2"; }
nix_conf() { # HOST SED; the daemon knows it
    edit "$1" /etc/nix/nix.conf "$2"
    restart "$1" nix-daemon
}
nix_conf_back() {
    restore "$1" /etc/nix/nix.conf
    restart "$1" nix-daemon
}
# What a plain user sees of a connection that ends behind the login.
ended="daemon-down daemon-refuses-user"

# What runs after the login.
as_root kalaw usermod -s /usr/sbin/nologin nix-ssh
fault account-without-shell
as_root kalaw usermod -s /bin/bash nix-ssh
edit kalaw /etc/ssh/sshd_config 's/nix-store --serve/nix-daemon --stdio/'
fault cache-speaks-ssh-ng cache-speaks-ssh-ng "cache-speaks-ssh-ng root-ssh-fails"
restore kalaw /etc/ssh/sshd_config
nix_conf pai 's|ssh://nix-ssh|ssh-ng://nix-ssh|'
fault cache-speaks-ssh "cache-speaks-ssh daemon-down daemon-refuses-user"
nix_conf_back pai
stop kalaw nix-daemon
fault daemon-down "daemon-down|$ended" "$ended"
start kalaw nix-daemon
nix_conf kalaw '$a allowed-users = root alice'
fault daemon-refuses-user "daemon-refuses-user|$ended" "$ended"
nix_conf_back kalaw
connections() { nix_conf pai "s/(ssh:[^ ]*priority=30)/\\1\\&max-connections=$1/; s/max-connections=8//"; }
if [ "$(printf '2.32\n%s\n' "$(image_version "$CLIENT" nix-bin)" | sort -V | head -n 1)" = 2.32 ]; then
    connections 12
    fault sessions-refused proven path-already-here
else
    # Fewer than sshd takes, and more than this Nix does.
    connections 4
    fault connections-hang
fi
as_root pai nix-store --delete "$NAMED" >/dev/null 2>&1
nix_conf_back pai

# The client's settings of Nix.
nix_conf pai '$a substitute = false'
fault substitution-off
nix_conf_back pai
nix_conf pai 's/^(trusted-public-keys = .*)/\1 kalaw-2:tooShort/'
fault trusted-key-unparsable
nix_conf_back pai

# The path.
built=$NAMED
NAMED=/nix/store/$(printf '0%.0s' {1..32})-nowhere
for user in root alice; do
    forgive
    doctor $user "${HALF[@]}" "$NAMED"
    check "path-absent: $user, with the cache's half" finds 1 path-absent
done
forgive
doctor root --no-server "$NAMED"
check "path-absent: root, without" finds 1 path-absent
forgive
doctor alice --no-server "$NAMED"
check "path-absent: alice, without" finds 1 "path-absent daemon-settings-old"
NAMED=$built

# The signature.
doubt="path-unsigned signing-key-untrusted signing-key-differs"
nix_conf kalaw '/^secret-key-files/d'
has_built kalaw unsigned
NAMED=$(path_of kalaw unsigned)
fault path-unsigned path-unsigned "$doubt"
nix_conf_back kalaw
NAMED=$built
mv "$kalaw/var/lib/larder/kalaw-1.secret" "$kalaw/var/lib/larder/kept"
forgive
doctor root "${HALF[@]}"
check "signing-key-file-missing: with the cache's half" finds 1 signing-key-file-missing
mv "$kalaw/var/lib/larder/kept" "$kalaw/var/lib/larder/kalaw-1.secret"
own=$(signing_key kalaw)
# As a pattern of sed.
own_=${own//+/\\+}
other=kalaw-1:$(cut -d : -f 2 "$BOX/e2e/public.key")
nix_conf pai "s| $own_||; s|$own_||"
fault signing-key-untrusted signing-key-untrusted "$doubt"
nix_conf_back pai
nix_conf pai "s|$own_|$other|"
fault signing-key-differs signing-key-differs "$doubt"
nix_conf_back pai
nix_conf pai "s|$own_|$other $own|"
fault trusted-key-repeated trusted-key-repeated "$doubt trusted-key-repeated"
nix_conf_back pai

# The daemon of before the switch.
nix_conf pai 's/^substituters = .*/substituters =/'
restore pai /etc/nix/nix.conf
fault daemon-settings-old daemon-settings-old "path-absent daemon-settings-old"
restart pai nix-daemon

# The content, and who has it first.
NAMED=$(path_of kalaw damaged)
as_root kalaw sh -c "chmod -R u+w $NAMED && echo x >$NAMED/x 2>/dev/null || echo x >$NAMED"
for user in root alice; do
    forgive
    doctor $user "${HALF[@]}" "$NAMED"
    check "content-damaged: $user, with the cache's half" finds 1 content-damaged
    forgive
    doctor $user --no-server "$NAMED"
    check "content-damaged: $user, without" finds 1 content-damaged
done
publish kalaw public
NAMED=$(path_of kalaw public)
nix_conf pai 's/priority=30/priority=90/'
for user in root alice; do
    forgive
    doctor $user --no-server "$NAMED"
    check "fetched-elsewhere: $user, without the cache's half" finds 1 fetched-elsewhere
    as_root pai nix-store --delete "$NAMED" >/dev/null 2>&1
    forgive
    doctor $user "${HALF[@]}" "$NAMED"
    check "fetched-elsewhere: $user, with the cache's half" finds 1 fetched-elsewhere
    as_root pai nix-store --delete "$NAMED" >/dev/null 2>&1
done
nix_conf_back pai
healthy "all is well again"
no_secret_is_left
