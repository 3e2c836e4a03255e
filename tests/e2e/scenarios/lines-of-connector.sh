# shellcheck shell=bash
# Each line of the script that connects is needed: without it the cache is not
# reached, or a cache that is away is asked again for every path.
two_hosts
wire
COUNT=5
marker=larder-down-kalaw

# Connections that the client has tried to make.
attempts() { within pai awk '/^Tcp: [0-9]/ { print $6 }' /proc/net/snmp; }
counted() { # TAG: a build, and what it has tried
    local before
    before=$(attempts)
    builds pai root "$1"
    TRIED=$(($(attempts) - before))
}

has_built kalaw whole
counted whole
check "whole: every path is fetched" all_copied
unreached() { # WHAT SED TAG
    has_built kalaw "$3"
    mutate "$2" connect
    counted "$3"
    check "$1: nothing is fetched" all_built
}
unreached "without coreutils" '/^ +pkgs.coreutils$/d' coreutils
unreached "without netcat" '/^ +pkgs.netcat-openbsd$/d' netcat
unreached "without ssh" '/^ +config.programs.ssh.package$/d' ssh
unreached "without what ssh listens to" '/^ +exec 3>&1$/d' output
unreached "without choosing a way" '/^ +\$\{if cache.proxyJump == /d' way
unreached "without connecting" '/^ +if trouble=.*nc /d' connecting
check "without connecting: nothing is tried" same "$TRIED" 0

# The cache refuses: each attempt is quick and counts.
stop kalaw sshd
mend
counted refused
check "whole, refused: built here" all_built
check "whole, refused: it is tried once" at_most "$TRIED" 2
check "whole, refused: remembered until a reboot" as_root pai test -e /run/$marker
asks_on() { # WHAT SED TAG
    mutate "$2" connect
    counted "$3"
    check "$1: built here" all_built
    check "$1: it is tried again and again" at_least "$TRIED" $COUNT
}
asks_on "without a name for the memory" '/^ +down=/d' no-name
asks_on "without reading it" 's/if \{ read -r since .*/if false; then/' no-reading
asks_on "without looking first" '/^ +recall$/d' no-look
asks_on "without an end to it" '/^ +say "another/,/^ +exit 1/{/exit/d}' no-end
asks_on "without its age" '/^ +age=/d' no-age
asks_on "without a limit to it" 's/if \[ "\$age" -ge 0 \].*/if false; then/' no-limit
asks_on "without writing it" '/^ +\{ echo "\$EPOCHSECONDS /d' no-writing
mutate '/^ +if \[ "\$EUID" = 0 \]/d' connect
counted no-folder
check "without a folder: a reboot does not end it" as_root pai test -e "/$marker"

connect() { # as ssh runs it, when nothing is left to prove
    local program
    program=$(as_root pai ssh -G nix-ssh@kalaw.fritz.box | sed -n 's/^proxycommand \([^ ]*\) .*/\1/p')
    as_root pai env LARDER_PROVES=1 timeout -k 5 "$LIMIT" "$program" "$1" 22 >"$LOG" 2>&1
    STATUS=$?
}
mend
connect kalaw.fritz.box
check "whole, refused: it says that it has failed" same "$STATUS" 1
mutate '/^ +give_up\(\) /,/^ +\}/{/exit 1/d}' connect
connect kalaw.fritz.box
check "without a last word: it says that all is well" same "$STATUS" 0

# A clock that has been set back is no reason to be silent for long.
start kalaw sshd
from_tomorrow() { as_root pai sh -c "echo \$((\$(date +%s) + 86400)) away >/run/$marker"; }
for tag in clock clock-again; do has_built kalaw $tag; done
mend
from_tomorrow
counted clock
check "whole, remembered from tomorrow: every path is fetched" all_copied
mutate 's/\[ "\$age" -ge 0 \] && //' connect
from_tomorrow
counted clock-again
check "without a look at the clock: nothing is fetched" all_built

# Of two addresses the first loses its packets: there is time for the second.
names pai fd77::dead kalaw.fritz.box "$(address kalaw)" kalaw.fritz.box
within pai ip neigh replace fd77::dead lladdr 02:00:00:00:00:01 dev eth0 nud permanent
for tag in second second-again; do has_built kalaw $tag; done
mend
counted second
check "whole, the first address is dead: every path is fetched" all_copied
mutate 's/nc -vF -w 3 /nc -vF /' connect
counted second-again
check "without a limit for each: nothing is fetched" all_built

# Nobody says what the name means.
names pai
printf 'nameserver 10.77.0.99\noptions timeout:15 attempts:2\n' >"$(root_of pai)/etc/resolv.conf"
within pai ip neigh replace 10.77.0.99 lladdr 02:00:00:00:00:01 dev eth0 nud permanent
LIMIT=12
mend
connect kalaw.fritz.box
check "whole, a silent name server: given up" same "$STATUS" 1
mutate 's/timeout 6 //' connect
connect kalaw.fritz.box
check "without a limit for all: still waiting" same "$STATUS" 124
