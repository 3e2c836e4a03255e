# shellcheck shell=bash
# A host: namespaces for network, mounts, processes and its name, with its own root, /nix,
# nix-daemon and sshd.
#
# A chroot would not do: Nix 2.8 goes back to the mount namespace that it started
# in before it runs ssh. Processes are apart because Nix kills all that belong to a
# build user, and the hosts share their user ids.

declare -A HOLDER=() NUMBER=()

root_of() { echo "$BOX/$1/root"; }

lan_up() {
    ip link add lan type bridge
    ip link set lan up
    ip link set lo up
}

host_up() { # NAME SUITE; with NIX_SIZE, /nix is a disk of its own of that size
    local name=$1 root
    root=$(root_of "$1")
    NUMBER[$name]=$((${#NUMBER[@]} + 1))
    mkdir -p "$BOX/$name"/{upper,work,root}
    mount -t overlay overlay "$root" -o \
        "lowerdir=$E2E_CACHE/$2,upperdir=$BOX/$name/upper,workdir=$BOX/$name/work"
    mkdir -p "$root"/{nix,e2e,fleet,srv/public,.old,var/empty,run/sshd}
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/run"
    [ -z "${NIX_SIZE:-}" ] || small_disk "$1"
    mount --bind "$BOX/e2e" "$root/e2e"
    mount --bind "$BOX/fleet" "$root/fleet"
    mount --bind "$BOX/public" "$root/srv/public"
    hold "$name"
    plug "$name"
    furnish "$name"
}

# A file system in a file: what is in memory fills up in another way.
small_disk() { # NAME
    truncate -s "$NIX_SIZE" "$BOX/$1/nix.image"
    mkfs.ext4 -q "$BOX/$1/nix.image"
    mount -o loop "$BOX/$1/nix.image" "$(root_of "$1")/nix"
    rmdir "$(root_of "$1")/nix/lost+found"
}

# The process that keeps the namespaces alive is the host's first.
hold() { # NAME
    local root
    root=$(root_of "$1")
    # shellcheck disable=SC2016
    setsid unshare --mount --net --pid --uts --fork --kill-child --propagation private bash -c '
        hostname "$1" && cd "$0" && pivot_root . .old && umount -l .old && mount -t proc proc /proc
        touch /run/up; sleep infinity & wait' "$root" "$1" </dev/null >/dev/null 2>&1 &
    HOLDER[$1]=$!
    soon test -e "$root/run/up"
}

soon() { # COMMAND...: becomes true within ten seconds
    local try
    for ((try = 0; try < 200; try++)); do
        "$@" && return
        sleep 0.05
    done
    echo "e2e: never became true: $*"
    exit 2
}

plug() { # NAME
    ip link add "to-$1" type veth peer name eth0 netns "${HOLDER[$1]}"
    join "$1"
}

# What hangs at `to-NAME` is on the LAN, and the host has its addresses there.
join() { # NAME
    local number=${NUMBER[$1]}
    ip link set "to-$1" master lan up
    within "$1" ip addr add "10.77.0.$number/24" dev eth0
    within "$1" ip addr add "fd77::$number/64" dev eth0 nodad
    within "$1" ip link set eth0 up
    within "$1" ip link set lo up
}

within() { # NAME COMMAND...: as it is, in the host's namespaces
    local holder=${HOLDER[$1]}
    shift
    nsenter --target "$holder" --mount --net --uts --pid="/proc/$holder/ns/pid_for_children" --wdns=/ "$@"
}

as_root() { # NAME COMMAND...
    local name=$1
    shift
    within "$name" env -i PATH="$HOST_PATH" HOME=/root LANG=C.UTF-8 "$@"
}

as_alice() { # NAME COMMAND...: a user without any rights
    local name=$1
    shift
    within "$name" env -i PATH="$HOST_PATH" HOME=/home/alice USER=alice LANG=C.UTF-8 NIX_REMOTE=daemon \
        setpriv --reuid=alice --regid=alice --init-groups "$@"
}
HOST_PATH=/usr/bin:/bin:/usr/sbin:/sbin

# Users as on NixOS, a host key, and each package of pkgs.nix as a folder.
furnish() { # NAME
    as_root "$1" bash -c '
        set -e
        groupadd -g 30000 nixbld
        for i in 1 2 3 4; do
            useradd -u $((30000 + i)) -g nixbld -G nixbld -M -N -d /var/empty -s /usr/sbin/nologin nixbld$i
        done
        useradd -m -s /bin/bash alice
        rm -f /etc/ssh/ssh_host_* /etc/ssh/ssh_config /etc/ssh/sshd_config
        ssh-keygen -q -t ed25519 -N "" -C "" -f /etc/ssh/ssh_host_ed25519_key
        printf "auth required pam_deny.so\naccount required pam_permit.so\nsession required pam_permit.so\n" >/etc/pam.d/sshd
        link() { mkdir -p /pkgs/$1/bin; for p in "${@:2}"; do ln -s "$(readlink -f "$(command -v $p)")" /pkgs/$1/bin/$p; done; }
        link bash bash; link gnugrep grep; link netcat-openbsd nc; link openssh ssh ssh-keygen; link util-linux flock
        link coreutils base64 cat chmod chown cut dirname env false head ln mkdir mv rm stat tail timeout
        for p in nix nix-store nix-build nix-daemon; do mkdir -p /pkgs/nix/bin; printf "#!/bin/sh\nexec /usr/bin/%s \"\$@\"\n" $p >/pkgs/nix/bin/$p; done
        chmod 755 /pkgs/nix/bin/*
        mkdir -p /etc/nix
        printf "%s\n" "experimental-features = nix-command flakes" "build-users-group = nixbld" \
            "sandbox = false" "substituters =" >/etc/nix/nix.conf
        echo "hosts: files dns" >/etc/nsswitch.conf
        git config --system --add safe.directory "*"'
}

# A service: started in the background, found again by the host's own process id.
start() { # NAME nix-daemon|sshd|harmonia
    local socket=/nix/var/nix/daemon-socket/socket log
    log=$BOX/$1/$2.log
    case $2 in
    nix-daemon)
        as_root "$1" rm -f $socket
        # What NixOS gives the daemon: Nix and OpenSSH.
        within "$1" env -i PATH=/pkgs/nix/bin:/pkgs/openssh/bin HOME=/root \
            /usr/bin/setsid /usr/bin/bash -c 'echo $$ >/run/nix-daemon.id; exec /usr/bin/nix-daemon' >>"$log" 2>&1 </dev/null &
        soon as_root "$1" test -S $socket
        ;;
    sshd)
        as_root "$1" mkdir -p /run/sshd
        as_root "$1" setsid bash -c 'echo $$ >/run/sshd.id; exec /usr/sbin/sshd -D -e' >>"$log" 2>&1 </dev/null &
        soon as_root "$1" sh -c "ss -ltn | grep -q LISTEN"
        ;;
    harmonia) harmonia_up "$1" >>"$log" 2>&1 </dev/null & ;;
    esac
}

stop() { # NAME nix-daemon|sshd|harmonia: it and all that it has started
    # shellcheck disable=SC2016
    as_root "$1" bash -c '
        [ -e /run/$0.id ] || exit 0
        id=$(cat /run/$0.id); rm /run/$0.id
        kill -- -$id; for try in {1..60}; do kill -0 -- -$id || exit 0; sleep 0.05; done; kill -9 -- -$id' \
        "$2" 2>/dev/null || true
}

restart() { # NAME SERVICE
    stop "$1" "$2"
    start "$1" "$2"
}
