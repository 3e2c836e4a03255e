# shellcheck shell=bash
# Each line of the connector that keeps a refused login from being tried again is needed;
# and none of them gets in the way of logins that work.
two_hosts
wire
COUNT=2
LIMIT=40
journal() { cat "$BOX/pai/nix-daemon.log"; }
tried() { grep -c "Connection closed by.*preauth\|Accepted publickey for nix-ssh" "$BOX/kalaw/sshd.log"; }
counted() { # TAG: sets TRIED, the logins that the cache has seen
    local before
    before=$(tried)
    builds pai alice "$1"
    TRIED=$(($(tried) - before))
}
without() { # SED
    mutate "$1" connect
    restart kalaw sshd # forgives what it holds against the client
}
let_in() { as_root kalaw mv /etc/ssh/aside /etc/ssh/authorized_keys.d/nix-ssh; }
lock_out() { as_root kalaw mv /etc/ssh/authorized_keys.d/nix-ssh /etc/ssh/aside; }

# Eight that begin at once.
at_once() {
    local before
    before=$(tried)
    as_root pai bash -c 'for i in {1..8}; do
        timeout 12 ssh -o BatchMode=yes nix-ssh@kalaw.fritz.box </dev/null >/dev/null 2>&1 & done; wait'
    TRIED=$(($(tried) - before))
}
at_once
check "whole, eight at once: hardly more logins than they" at_most "$TRIED" 11
for line in '/^ +flock /d' '/^ +pkgs.util-linux$/d' 's/\} 9>"\$login.lock"/}/' 's/is_proven \|\| prove/prove/'; do
    without "$line"
    at_once
    check "without $line: more" at_least "$TRIED" 14
done
lock_out
mend
restart kalaw sshd
at_once
check "whole, eight at once, refused: one login" same "$TRIED" 1
for line in '/^ +is_proven \|\| prove$/d' 's/if \[ -z "\$LARDER_PROVES" \] .*/if false; then/' '/^ +flock /d'; do
    without "$line"
    at_once
    check "without $line: more" at_least "$TRIED" 3
done
without 's/\[ -z "\$LARDER_PROVES" \] && //'
at_once
check "without an end to proving: none" same "$TRIED" 0

mend
restart kalaw sshd
counted whole
check "whole, refused: one login" same "$TRIED" 1
check "whole, refused: ssh's own words" grep -q "Permission denied (publickey" <(journal)
without '/^ +printf .%s.n. "\$trouble" >&2$/d'
: >"$BOX/pai/nix-daemon.log"
counted wordless
check "without ssh's words: none" not grep -q "Permission denied (publickey" <(journal)
said() { journal | grep -o "is not asked for 60 s: .*" | tail -n 1; }
without '/^ +\*"Permission denied"\*/d'
counted no-denial
check "without the denial: another reason" same "$(said)" "is not asked for 60 s: the login fails"
without '/^ +\*"Permission denied"\*/d; /^ +give_up "the login fails"$/d'
counted no-end
check "without any reason: more logins" at_least "$TRIED" 3
without '/^ +recall\(\) /,/^ +exit 1/{/say/d}'
: >"$BOX/pai/nix-daemon.log"
counted quiet
check "without the rest of the minute: it is not said" not grep -q "is not asked for another" <(journal)
without '/^ +give_up\(\) /,/^ +exit 1/{/say/d}'
: >"$BOX/pai/nix-daemon.log"
counted quiet-again
check "without the reason: it is not said" not grep -q "is not asked for 60 s" <(journal)
without '/^ +say\(\) /,/^ +\}/{/echo/d}'
: >"$BOX/pai/nix-daemon.log"
counted silent
check "without a voice: nothing is said" not grep -q "larder: " <(journal)

# After the minute the login is proven again, however long ago the last was.
later() { as_root pai sh -c 'sed -i "s/^[0-9]*/1/" /run/larder-down-*; [ ! -e /run/larder-login-kalaw ] || sed -i "s/[0-9]*\$/1/" /run/larder-login-kalaw'; }
# A cache that has been in use begins to refuse.
let_in
begins_to_refuse() { # TAG
    forget pai
    has_built kalaw "$1"
    builds pai alice "$1"
    lock_out
    restart kalaw sshd
    counted "$1-refused"
}
mend
begins_to_refuse used
check "whole, it begins to refuse: two logins at most" at_most "$TRIED" 2
later
counted used-later
let_in
check "whole, a minute later: one login" same "$TRIED" 1
without '/^ +rm -f "\$login"$/d'
begins_to_refuse kept
later
counted kept-later
let_in
check "without forgetting the last login: more" at_least "$TRIED" 2
for line in '/^ +\{ read -r process since /d' '/^ +\[ -e "\/proc\/\$process" \] /d'; do
    without "$line"
    begins_to_refuse "$(echo "$line" | tr -cd 'a-z')"
    let_in
    check "without $line: more" at_least "$TRIED" 3
done

# A cache that has been in use goes on.
goes_on() { # TAG
    has_built kalaw "$1"
    has_built kalaw "$1-on"
    counted "$1"
    [ ! -e "$(root_of pai)/run/larder-login-kalaw" ] || as_root pai sed -i 's/[0-9]*$/1/' /run/larder-login-kalaw
    counted "$1-on"
}
mend
restart kalaw sshd
goes_on in-use
check "whole, in use: one login" same "$TRIED $COPIED" "1 $COUNT"
for line in '/^ +login=/d' '/^ +echo "\$PPID \$EPOCHSECONDS" /d' '/^ +if \[ \$\? = 143 \]/d' '/^ +trouble=.*LARDER_PROVES/,/9>&-/d'; do
    without "$line"
    goes_on "$(echo "$line" | tr -cd 'a-z')"
    check "without $line: not one" not same "$TRIED $COPIED" "1 $COUNT"
done

# With the user's own LogLevel, and a cache that is not the one that was pinned.
as_root kalaw sh -c 'mkdir /etc/ssh/old; mv /etc/ssh/ssh_host_ed25519_key* /etc/ssh/old; ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key'
without '/^ +\*"Host key verification failed"\*/d'
counted other-key
check "without the host key: another reason" same "$(said)" "is not asked for 60 s: the login fails"
as_root kalaw sh -c 'mv /etc/ssh/old/* /etc/ssh/'
without '/^ +\*"banner exchange"\*/d'
as_root kalaw sh -c 'kill -STOP $(cat /run/sshd.id)'
builds pai alice no-banner
check "without the banner: another reason" same "$(said)" "is not asked for 60 s: the login fails"
as_root kalaw sh -c 'kill -CONT $(cat /run/sshd.id)'
stop kalaw sshd
without '/^ +\*refused\*/d'
stop kalaw sshd
builds pai alice no-refusal
check "refused, without a word for it: another reason" same "$(said)" "is not asked for 60 s: kalaw.fritz.box does not answer at port 22"
without '/^ +\*refused\*/d; /^ +give_up "\$host does not answer at port \$2"$/d'
stop kalaw sshd
: >"$BOX/pai/nix-daemon.log"
builds pai alice no-last-word
check "refused, without any word: it is not said" not grep -q "does not answer" <(journal)
without '/^ +\*getaddrinfo\*/d'
names pai
builds pai alice no-name
check "no name, without a word for it: another reason" same "$(said)" "is not asked for 60 s: kalaw.fritz.box does not answer at port 22"
