# shellcheck shell=bash
# A cache that answers and lets the client not in, or says nothing at all, is left alone for
# a minute, like one that is off. So its sshd shuts nobody out, and the journal says why.
two_hosts
wire
as_root kalaw sh -c 'mkdir -p /root/.ssh; cat >/root/.ssh/authorized_keys' \
    <"$(root_of pai)/etc/ssh/ssh_host_ed25519_key.pub"

# Whether the owner, who sits at the client, still comes in.
owner_is_let_in() {
    as_root pai ssh -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
        -i /etc/ssh/ssh_host_ed25519_key root@kalaw.fritz.box true >"$LOG" 2>&1
}
# Logins of which the cache's sshd knows, until the client's build is done.
tried() { grep -c "Connection closed by.*preauth\|Accepted publickey for nix-ssh" "$BOX/kalaw/sshd.log"; }
counted() { # TAG
    local before
    before=$(tried)
    builds pai alice "$1"
    TRIED=$(($(tried) - before))
}
journal() { cat "$BOX/pai/nix-daemon.log"; }
says() { # REASON
    journal | grep -q "^larder: the cache kalaw is not asked for 60 s: $1\$"
}

has_built kalaw first
counted first
check "let in: every path is fetched" all_copied
check "let in: nothing is said" not grep -q larder: <(journal)

# The client was switched before the cache, say; and the cache was in use until now.
as_root kalaw mv /etc/ssh/authorized_keys.d/nix-ssh /etc/ssh/aside
restart kalaw sshd
counted refused
check "refused: built here" all_built
check "refused: it is tried twice" at_most "$TRIED" 2
check "refused: the journal says why" says "it refuses the login of this host"
check "refused: the owner is let in" owner_is_let_in
counted refused-again
check "refused, remembered: built here" all_built
check "refused, remembered: it is not tried" same "$TRIED" 0
check "refused, remembered: the journal says for how long" grep -q \
    "is not asked for another [0-9]* s: it refuses the login of this host\$" <(journal)

# A minute later it is asked once.
pass_minute() { as_root pai sh -c 'sed -i "s/^[0-9]*/1/" /run/larder-down-*; rm -f /run/larder-login-kalaw'; }
pass_minute
counted later
check "a minute later: it is tried once" same "$TRIED" 1
pass_minute
as_root kalaw mv /etc/ssh/aside /etc/ssh/authorized_keys.d/nix-ssh
has_built kalaw mended
counted mended
check "mended: every path is fetched" all_copied

# Somebody else answers.
as_root kalaw sh -c 'mkdir /etc/ssh/old; mv /etc/ssh/ssh_host_ed25519_key* /etc/ssh/old; ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key'
restart kalaw sshd
counted other
check "another machine: built here" all_built
check "another machine: it is tried twice" at_most "$TRIED" 2
check "another machine: the journal says why" says "another machine answers, or its host key has changed"
check "another machine: the owner is let in" owner_is_let_in
as_root kalaw sh -c 'mv /etc/ssh/old/* /etc/ssh/'
restart kalaw sshd

# The kernel makes the connection, and nobody says a word.
frozen() { as_root kalaw sh -c "kill -$1 \$(cat /run/sshd.id)"; }
forget pai
frozen STOP
builds pai alice silent
check "silent: built here" all_built
check "silent: within 10 s" waited pai silent-again 10
check "silent: the journal says so" says "its sshd accepts connections and says nothing"
frozen CONT

for reason in 'kalaw.fritz.box refuses connections to port 22' 'nobody knows the name kalaw.fritz.box' \
    'kalaw.fritz.box does not answer at port 22'; do
    forget pai
    case $reason in
    *refuses*) stop kalaw sshd ;;
    nobody*) names pai ;;
    *) names pai "$(address kalaw)" kalaw.fritz.box && vanish kalaw ;;
    esac
    builds pai alice "$(echo "$reason" | tr -cd '[:alpha:]')"
    check "$reason: the journal says so" says "$reason"
done
appear kalaw

# As people write it by hand: sshd shuts the client out, and with it the owner. (Where sshd
# has such penalties: from OpenSSH 9.8 on.)
if [ "$SERVER" = sid ]; then
    start kalaw sshd
    as_root kalaw mv /etc/ssh/authorized_keys.d/nix-ssh /etc/ssh/aside
    mutate '/^ +Proxy(Command|UseFdpass) /d'
    restart kalaw sshd
    builds pai alice by-hand
    check "control, nothing remembered: the owner is shut out" not owner_is_let_in
fi
