# shellcheck shell=bash
# Caches by IPv6, by a name that has both and answers on one, and by a port.
two_hosts
works() { # WHAT TAG
    has_built kalaw "$2"
    forget pai
    builds pai alice "$2"
    check "$1: every path is fetched" all_copied
}
link() { # ADDRESS [LINE]
    inventory "[caches.kalaw.link.pai]
address = \"$1\"
${2:-}"
    switch kalaw && switch pai
}
wire
works "by a name" name

link "$(address6 kalaw)"
works "by an IPv6 address" ipv6
link "$(address kalaw)"
works "by an IPv4 address" ipv4

names pai "$(address6 kalaw)" six.example
link six.example
works "by a name that has IPv6 only" six
names pai fd77::dead six.example "$(address kalaw)" six.example
link six.example
works "by a name whose IPv6 address is dead" both

human kalaw '{ services.openssh.ports = [ 22 2222 ]; }'
switch kalaw
link "$(address6 kalaw)" "port = 2222"
works "by an IPv6 address and a port" port
