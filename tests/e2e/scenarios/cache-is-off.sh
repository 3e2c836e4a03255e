# shellcheck shell=bash
# Whatever is wrong with the cache, a build that can be made here or fetched
# elsewhere succeeds, and soon.
two_hosts
wire
LIMIT=60

# As a user, with the paths nowhere else and then with all of them in the public cache.
bad() { # WHAT [SECONDS [in_all]]: for which, at most, a build waits, or which it takes
    local soon=${3:-waited}
    forget pai
    builds pai alice "$1"
    check "$1: built here" all_built
    [ $# = 1 ] || check "$1: within $2 s" "$soon" pai "$1-again" "$2"
    has_built kalaw "$1-elsewhere"
    publish kalaw "$1-elsewhere"
    forget pai
    builds pai alice "$1-elsewhere"
    check "$1: fetched elsewhere" all_from_public
    [ $# = 1 ] || check "$1: fetched elsewhere within $2 s" "$soon" pai "$1-again-elsewhere" "$2"
}
# Where each attempt gets as far as sshd, none is remembered.
in_all() { # HOST TAG SECONDS: as `waited`
    at_most "$TOOK" "$3"
}
all_from_public() {
    same "$STATUS copied=$COPIED built=$BUILT" "0 copied=0 built=0"
}
good() { # TAG
    forget pai
    has_built kalaw "$1"
    builds pai alice "$1"
    check "$1: the cache is used" all_copied
}

good before

stop kalaw sshd
bad refused 10
start kalaw sshd

vanish kalaw
bad blackholed 10
appear kalaw
good again

names pai
bad no-such-name 10
names pai "$(address kalaw)" kalaw.fritz.box

as_root kalaw mv /etc/ssh/authorized_keys.d/nix-ssh /etc/ssh/aside
# Here ssh gets as far as the keys each time, and nobody can tell the connector: all that
# is asked is that it ends before LIMIT.
bad key-refused
as_root kalaw mv /etc/ssh/aside /etc/ssh/authorized_keys.d/nix-ssh
restart kalaw sshd

as_root kalaw sh -c 'mkdir /etc/ssh/old; mv /etc/ssh/ssh_host_ed25519_key* /etc/ssh/old; ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key'
restart kalaw sshd
bad other-machine
as_root kalaw sh -c 'mv /etc/ssh/old/* /etc/ssh/'
restart kalaw sshd

stop kalaw nix-daemon
bad no-daemon 30 in_all
start kalaw nix-daemon
good after
