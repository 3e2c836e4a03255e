# shellcheck shell=bash
# A fleet of twelve: `larder keys scan` at a terminal asks twelve sshds at once, `larder
# add-cache` then asks for no key, and the printed commands lead to a substituted path. Ten of
# the machines are an sshd with an address and a host key of its own each, and no more.
OTHERS=(m01 m02 m03 m04 m05 m06 m07 m08 m09 m10)
EACH=(pai "${OTHERS[@]}")
two_hosts "${OTHERS[@]}"
switch kalaw && switch pai || exit 1
has_built kalaw before

admin_ready kalaw pai
host_up crowd "$CLIENT"
as_root crowd mkdir -p /run/sshd
number=100
for host in "${OTHERS[@]}"; do
    number=$((number + 1))
    within crowd ip addr add "10.77.0.$number/24" dev eth0
    echo "10.77.0.$number $host" >>"$ADMIN/hosts"
    as_root crowd ssh-keygen -q -t ed25519 -N "" -C "" -f "/root/$host"
    printf '%s\n' "ListenAddress 10.77.0.$number" "HostKey /root/$host" "PidFile none" >"$(root_of crowd)/root/$host.conf"
    as_root crowd /usr/sbin/sshd -f "/root/$host.conf"
done

types "$ADMIN/log" "apply these changes?" y -- larder init
check "twelve hosts are found" same "$? $(grep -c '^\[hosts\.' "$FLEET/larder.toml")" "0 12"

types "$ADMIN/scan.log" "have you compared the fingerprints" y -- larder keys scan @all
check "the keys of all are one question" same "$? $(grep -c '^host-key = ' "$FLEET/larder.toml")" "0 12"
right=0
for host in "${OTHERS[@]}"; do
    grep -qF "host-key = \"$(cut -d ' ' -f 1,2 "$(root_of crowd)/root/$host.pub")\"" "$FLEET/larder.toml" && right=$((right + 1))
done
check "each has its own" same "$right" 10
check "they are one commit" same "$(fleet_git log -1 --format=%s)" "larder: set the host keys of 12 hosts"

types "$ADMIN/log" \
    "which hosts use it?" '\r' \
    "on the local network" y \
    "under which the clients reach" 'kalaw.fritz.box\r' \
    "signs what it builds" '\r' \
    "apply these changes?" y \
    -- larder add-cache kalaw
check "no key is asked for" [ $? = 0 ]

for _ in 1 2 3; do
    mapfile -t commands < <(printed "$ADMIN/log")
    : >"$ADMIN/log"
    for command in "${commands[@]}"; do
        # The ten have no Nix that could prove anything.
        command=${command/doctor --all/doctor pai}
        echo "  typed   $command"
        check "  works" follow "$command"
    done
done
check "each machine is switched once" same "$SWITCHES" 12
check "no file is left changed" same "$(fleet_git status --porcelain)" ""

builds pai alice before
check "what was built before is fetched" all_copied
has_built kalaw after
builds pai alice after
check "what is built from now on is fetched" all_copied
