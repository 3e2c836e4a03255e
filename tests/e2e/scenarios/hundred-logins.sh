# shellcheck shell=bash
# Connecting costs the cache one connection each, which sshd does not hold against
# the client.
two_hosts
wire
login='ssh -o BatchMode=yes nix-ssh@kalaw.fritz.box </dev/null'
hundred() {
    as_root pai bash -c "for i in {1..100}; do timeout 10 $login >/dev/null 2>&1; [ \$? = 255 ] && echo refused; done" >"$LOG"
}
hundred
check "a hundred logins in a row are let in" not grep -q refused "$LOG"
check "nobody is penalised" not grep -qi penal "$BOX/kalaw/sshd.log"

for tag in a b c d e f g h; do has_built kalaw $tag; done
started=()
for tag in a b c d e f g h; do
    as_alice pai nix-build --no-out-link /e2e/closure.nix --argstr tag $tag --argstr count $COUNT >"$BOX/$tag.log" 2>&1 &
    started+=($!)
done
wait "${started[@]}"
check "eight builds at once fetch every path" same "$(cat "$BOX"/?.log | grep -ac "^copying path.*from 'ssh")" $((8 * COUNT))
