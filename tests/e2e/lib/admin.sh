# shellcheck shell=bash
# The person who types: at a machine of the same network, known to the hosts by an ssh key.
# Their ssh has seen the hosts. Nobody asks for a password here, so sudo is easy.

ADMIN=$BOX/admin

admin_ready() { # HOST...
    local host
    ip addr add 10.77.0.254/24 dev lan
    mkdir -p "$ADMIN/bin" "$BOX/.ssh"
    ssh-keygen -q -t ed25519 -N '' -C '' -f "$ADMIN/id"
    cp /etc/hosts "$ADMIN/hosts"
    for host; do
        as_root "$host" sh -c 'mkdir -p /root/.ssh && cat >>/root/.ssh/authorized_keys' <"$ADMIN/id.pub"
        as_root "$host" sh -c 'printf "#!/bin/sh\nexec \"\$@\"\n" >/usr/bin/sudo && chmod 755 /usr/bin/sudo'
        echo "$host.fritz.box $(host_key "$host")" >>"$BOX/.ssh/known_hosts"
        echo "$(address "$host") $host $host.fritz.box" >>"$ADMIN/hosts"
        printf 'Host %s %s.fritz.box\nHostKeyAlias %s.fritz.box\n' "$host" "$host" "$host" >>"$ADMIN/config"
    done
    mount --bind "$ADMIN/hosts" /etc/hosts
    cat >>"$ADMIN/config" <<CONFIG
Host *
User root
IdentityFile $ADMIN/id
IdentitiesOnly yes
UserKnownHostsFile $BOX/.ssh/known_hosts
GlobalKnownHostsFile /dev/null
CONFIG
    printf '#!/bin/sh\nexec /usr/bin/ssh -F %s "$@"\n' "$ADMIN/config" >"$ADMIN/bin/ssh"
    printf '#!/bin/sh\nexec %s "$@"\n' "$(readlink -f "$LARDER")" >"$ADMIN/bin/larder"
    chmod 755 "$ADMIN"/bin/*
}
