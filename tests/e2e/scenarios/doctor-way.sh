# shellcheck shell=bash
# The way to the cache, who is there and who asks: each fault is made, and doctor names it.
two_hosts
wire
doctor_ready
has_built kalaw named
NAMED=$(path_of kalaw named)
pai=$(root_of pai)
kalaw=$(root_of kalaw)

# A file of the system, replaced by one of ours and put back.
swap() { # FILE (of some root); the new content is standard input
    mv "$1" "$1.kept"
    cat >"$1"
}
unswap() { mv -f "$1.kept" "$1"; }

# The way.
sed '/kalaw.fritz.box/d' "$pai/etc/hosts" | swap "$pai/etc/hosts"
fault name-unknown
unswap "$pai/etc/hosts"

NO_SSHD=1
stop kalaw sshd
fault connection-refused
portal() { while :; do printf 'HTTP/1.1 400 Bad Request\r\n\r\n' | as_root kalaw nc -N -l 22 >/dev/null; done; }
portal 2>/dev/null &
portal=$!
soon as_root kalaw sh -c "ss -ltn | grep -q ':22 '"
fault not-an-sshd
kill $portal
wait $portal 2>/dev/null
as_root kalaw sh -c 'kill $(ss -ltnpH "sport = :22" | grep -o "pid=[0-9]*" | cut -d = -f 2)' 2>/dev/null
start kalaw sshd
vanish kalaw
fault connection-lost
appear kalaw
NO_SSHD=

remembered() { as_root pai sh -c 'echo "$(date +%s) it refuses the login of this host" >/run/larder-down-kalaw'; }
AGAIN=remembered
fault remembered-as-down
AGAIN=
forget pai

# Whom sshd shuts out, from 9.8 on.
if as_root kalaw sshd -T 2>/dev/null | grep -qi persourcepenalties; then
    shut_out() {
        local try
        # larder lets more logins of a small fleet fail than sshd does by itself.
        for try in 1 2 3 4 5 6 7 8; do
            as_root pai ssh -F /dev/null -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
                -i /root/.ssh/id_ed25519 -l nobody"$try" kalaw.fritz.box true >/dev/null 2>&1
        done
    }
    AGAIN=shut_out
    fault shut-out-by-penalty "shut-out-by-penalty sshd-full"
    AGAIN=
fi
# One unfinished login from an address is all that it takes.
if as_root kalaw sshd -T 2>/dev/null | grep -qi persourcemaxstartups; then
    as_root kalaw cat /etc/ssh/sshd_config | { echo PerSourceMaxStartups 1; cat; } >"$BOX/sshd_config"
    swap "$kalaw/etc/ssh/sshd_config" <"$BOX/sshd_config"
    occupy() {
        [ -z "${OCCUPIED:-}" ] || kill "$OCCUPIED" 2>/dev/null
        as_root pai nc -d kalaw.fritz.box 22 >/dev/null 2>&1 &
        OCCUPIED=$!
        sleep 0.3
    }
    AGAIN=occupy
    fault sshd-full "sshd-full|shut-out-by-penalty sshd-full"
    AGAIN=
    kill "$OCCUPIED"
    unswap "$kalaw/etc/ssh/sshd_config"
fi
healthy "the way is free again"
as_root pai nix-store --delete "$NAMED" >/dev/null 2>&1

# The host key.
echo | swap "$pai/etc/ssh/ssh_known_hosts"
fault host-key-unpinned
echo "larder-kalaw $(host_key pai)" >"$pai/etc/ssh/ssh_known_hosts"
fault host-key-changed
unswap "$pai/etc/ssh/ssh_known_hosts"

# What only root can see: to others, Nix before 2.26 says the same of another protocol.
hidden="root-ssh-fails|cache-speaks-ssh-ng root-ssh-fails"
# ssh's own configuration, which only root can read.
cp "$pai/root/.ssh/config" "$BOX/config"
printf 'Host kalaw.fritz.box\n  HostKeyAlias elsewhere\n' >>"$pai/root/.ssh/config"
fault ssh-block-overridden ssh-block-overridden "$hidden" root-ssh-fails
cp "$BOX/config" "$pai/root/.ssh/config"

# The key with which the client logs in.
key=$pai/etc/ssh/ssh_host_ed25519_key
mv "$key" "$key.kept"
fault identity-missing
: >"$key"
fault identity-missing
cp "$key.kept" "$key" && chmod 644 "$key"
fault identity-readable-by-others
cp "$key.pub" "$key" && chmod 600 "$key"
fault identity-unusable identity-unusable "$hidden" root-ssh-fails
cp "$key.kept" "$key" && chmod 600 "$key"
as_root pai ssh-keygen -q -p -N secret-words -f /etc/ssh/ssh_host_ed25519_key >/dev/null
fault identity-unusable identity-unusable "$hidden" root-ssh-fails
mv -f "$key.kept" "$key"

# The login.
login="account-missing key-not-authorised login-not-allowed"
keys=$kalaw/etc/ssh/authorized_keys.d/nix-ssh
host_key kalaw | swap "$keys"
chmod 444 "$keys"
fault key-not-authorised "$login"
unswap "$keys"
as_root kalaw cat /etc/ssh/sshd_config | { echo AllowUsers root; cat; } >"$BOX/sshd_config"
swap "$kalaw/etc/ssh/sshd_config" <"$BOX/sshd_config"
fault login-not-allowed "$login"
{ echo 'DenyUsers nix-*'; tail -n +2 "$BOX/sshd_config"; } >"$kalaw/etc/ssh/sshd_config"
fault login-not-allowed "$login"
unswap "$kalaw/etc/ssh/sshd_config"
as_root kalaw usermod -l another nix-ssh
fault account-missing "$login"
as_root kalaw usermod -l nix-ssh another
healthy "the login succeeds again"
no_secret_is_left
