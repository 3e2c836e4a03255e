# shellcheck shell=bash
# The lines that keep a build from waiting for a cache that does not answer. What
# hangs is still running after a time in which the whole block has long given up.
two_hosts
wire
# The kernel's own patience is minutes; here it is ten seconds.
within pai sysctl -qw net.ipv4.tcp_syn_retries=2
LIMIT=30

# The cache loses its packets.
vanish kalaw
builds pai root away
check "whole, packets lost: built here" all_built
mutate '/^ +Proxy(Command|UseFdpass) /d'
builds pai root away-again
check "no memory: still waiting" same "$STATUS" 124
mend
appear kalaw

# Its sshd stops in the middle of what it was doing: connections are made by the
# kernel, and nobody says a word.
COUNT=1
as_root kalaw sh -c 'kill -STOP $(cat /run/sshd.id)'
builds pai root frozen
check "whole, sshd frozen: built here" all_built
mutate '/^ +ConnectTimeout /d'
builds pai root frozen-again
check "no limit for connecting: still waiting" same "$STATUS" 124
as_root kalaw sh -c 'kill -CONT $(cat /run/sshd.id)'
mend

# The cache does not know the client any more, and root sits at a terminal.
at_terminal() { # TAG
    # shellcheck disable=SC2046
    as_root pai timeout -k 5 "$LIMIT" script -qec "nix-build $(closure "$1" | tr '\n' ' ')" /dev/null >"$LOG" 2>&1 </dev/null
    STATUS=$?
}
as_root kalaw mv /etc/ssh/authorized_keys.d/nix-ssh /etc/ssh/aside
restart kalaw sshd
at_terminal refused
check "whole, key refused at a terminal: built here" same "$STATUS" 0
mutate '/^ +(BatchMode|PreferredAuthentications) /d'
restart kalaw sshd
at_terminal refused-again
check "no batch mode: asks for a password" grep -q "password:" "$LOG"
check "no batch mode: still waiting" not same "$STATUS" 0
as_root kalaw mv /etc/ssh/aside /etc/ssh/authorized_keys.d/nix-ssh
