# shellcheck shell=bash
# Names and faults of the network.

# The names that a host can look up: NAME HOST...
names() { # ON [ADDRESS NAME]...
    local on=$1
    shift
    { echo "127.0.0.1 localhost"; printf '%s %s\n' "$@"; } >"$(root_of "$on")/etc/hosts"
}

address() { echo "10.77.0.${NUMBER[$1]}"; }
address6() { echo "fd77::${NUMBER[$1]}"; }

# A host whose packets vanish: nothing is refused, nothing comes back. The others
# keep its link address, or the kernel would find out at once.
vanish() { # NAME
    local other mac
    mac=$(within "$1" ip -br link show eth0 | awk '{print $3}')
    for other in "${!HOLDER[@]}"; do
        [ "$other" = "$1" ] && continue
        within "$other" ip neigh replace "$(address "$1")" lladdr "$mac" dev eth0 nud permanent
        within "$other" ip neigh replace "$(address6 "$1")" lladdr "$mac" dev eth0 nud permanent
    done
    ip link set "to-$1" nomaster
}

appear() { # NAME
    ip link set "to-$1" master lan
}
