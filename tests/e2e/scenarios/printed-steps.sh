# shellcheck shell=bash
# As at a friend's: two machines that have never seen larder, `larder add-cache kalaw` at a
# terminal, and then exactly the commands that are printed, in order, to the first path that
# is substituted. Two larder commands, two switches, no file edited by hand, and the proof.
two_hosts

# The machines run what the repository says, and built something before.
switch kalaw && switch pai || exit 1
has_built kalaw before

admin_ready kalaw pai

# pai's key is looked for under its name: the inventory has no address of a client.
sed -i 's/^pai.fritz.box /pai,&/' "$BOX/.ssh/known_hosts"
LARDER_RUNS=$((LARDER_RUNS + 1))
types "$ADMIN/log" \
    "on the local network" y \
    "under which the clients reach" 'kalaw.fritz.box\r' \
    "signs what it builds" '\r' \
    "your known hosts have a key of" y \
    "how do the clients log in?" '\r' \
    "your known hosts have a key of" y \
    "apply these changes?" y \
    -- larder add-cache kalaw
check "six answers and a yes are enough" [ $? = 0 ]

for _ in 1 2 3; do
    mapfile -t commands < <(printed "$ADMIN/log")
    : >"$ADMIN/log"
    for command in "${commands[@]}"; do
        if [ "$command" = "sudo nixos-rebuild switch --flake .#pai" ]; then
            types "$ADMIN/live.log" -- larder status --live
            check "status knows that pai is not switched" grep -q "pai .*not switched yet: it does not ask .kalaw" "$ADMIN/live.log"
        fi
        echo "  typed   $command"
        check "  works" follow "$command"
    done
done
check "two larder commands" same "$LARDER_RUNS" 2
check "two switches" same "$SWITCHES" 2
check "no file is left changed" same "$(fleet_git status --porcelain)" ""

types "$ADMIN/live.log" -- larder status --live
check "status knows that both are switched" same "$? $(grep -c "  switched" "$ADMIN/live.log")" "0 2"

builds pai alice before
check "what was built before is fetched" all_copied
has_built kalaw after
builds pai alice after
check "what is built from now on is fetched" all_copied
