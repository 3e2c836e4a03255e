# shellcheck shell=bash
# What people have in their own ssh configuration for the same machine neither
# disturbs the cache nor is disturbed by it.
two_hosts
human pai '{
  programs.ssh.extraConfig = "Host kalaw\n  HostName kalaw.fritz.box\n  User thomas\n  IdentityFile /root/own\nHost kalaw.fritz.box\n  HostName '"$(address kalaw)"'\n  ForwardAgent yes\n  Port 22\nHost *\n  ServerAliveInterval 77\n";
  programs.ssh.knownHosts."kalaw.fritz.box".publicKey = "'"$(host_key kalaw)"' by hand";
}'
wire
has_built kalaw one
builds pai alice one
check "every path is fetched" all_copied

setting() { # HOST WORD
    as_root pai ssh -G "$1" 2>/dev/null | grep -ix "$2"
}
check "an alias means what it meant" setting kalaw "user thomas"
check "another login at the same machine does, too" setting bob@kalaw.fritz.box "serveraliveinterval 77"
check "and is not ours" not setting bob@kalaw.fritz.box "hostkeyalias larder-kalaw"
check "the cache's login is ours" setting nix-ssh@kalaw.fritz.box "hostkeyalias larder-kalaw"

# The address in the inventory may be a name that ssh alone knows.
names pai
has_built kalaw two
forget pai
builds pai alice two
check "a name that ssh knows: every path is fetched" all_copied
for line in '/^ +while read -r keyword /,/^ +done </d' '/^ +if \[ "\$keyword" = hostname \]/d'; do
    mutate "$line" connect
    has_built kalaw "three$COUNT"
    builds pai alice three$COUNT
    check "without $line: nothing is fetched" all_built
    COUNT=$((COUNT + 1))
done
