# shellcheck shell=bash
# A wiring as people write it, without larder: doctor on the client finds one gap after the
# other, until a path is really fetched.
two_hosts
human kalaw '{ services.openssh.settings.PermitRootLogin = "prohibit-password"; }'
switch kalaw
doctor_ready
serve() { # NIX
    human kalaw "{ nix.sshServe = { enable = true; keys = [ \"$(cat "$(root_of pai)/etc/nixos/nix_ssh_priv_key.pub")\" ]; }; $1 }"
    switch kalaw
}
use() { # NIX
    human pai "{ nix.settings.substituters = [ \"ssh://nix-ssh@kalaw.fritz.box\" ];
        programs.ssh.extraConfig = \"Match host kalaw.fritz.box user nix-ssh\\n  IdentityFile /etc/nixos/nix_ssh_priv_key\\n\"; $1 }"
    switch pai
}
next() { # CAUSE: for root and alice
    local user
    for user in root alice; do
        forgive
        doctor $user "${HALF[@]}"
        check "$user: $1" finds "$(status_of "$1")" "$1"
    done
}

use ""
next host-key-unpinned
pin="programs.ssh.knownHosts.\"kalaw.fritz.box\".publicKey = \"$(host_key kalaw)\";"
use "$pin"
next identity-missing
as_root pai sh -c 'mkdir -p /etc/nixos && ssh-keygen -q -t ed25519 -N "" -C "" -f /etc/nixos/nix_ssh_priv_key'
next account-missing
serve ""
next path-unsigned
as_root kalaw sh -c 'nix-store --generate-binary-cache-key kalaw-1 /root/kalaw.secret /root/kalaw.public'
serve 'nix.settings.secret-key-files = [ "/root/kalaw.secret" ];'
next signing-key-untrusted
use "$pin nix.settings.trusted-public-keys = [ \"$(cat "$(root_of kalaw)/root/kalaw.public")\" ];"
next proven
for host in kalaw pai; do
    check "$host: no larder anywhere" not as_root $host sh -c 'ls -d /run/larder* /var/lib/larder /etc/larder* 2>/dev/null; grep -rl larder /etc/ssh /etc/nix'
done

# A cache that only alice's own settings name: the daemon takes it from users it trusts.
human pai '{ }'
switch pai
own=$(root_of pai)/home/alice/.config/nix
install -d "$own"
echo "substituters = ssh://nix-ssh@kalaw.fritz.box" >"$own/nix.conf"
doctor alice "${HALF[@]}"
check "alice: own-substituter-ignored" finds 1 own-substituter-ignored
human pai '{ nix.settings.trusted-substituters = [ "ssh://nix-ssh@kalaw.fritz.box" ]; }'
switch pai
doctor alice "${HALF[@]}"
check "alice: allowed to name it" not grep -q own-substituter-ignored "$LOG"
rm "$own/nix.conf"
no_secret_is_left
