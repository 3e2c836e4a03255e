# shellcheck shell=bash
# Each part of the URL is needed: the order in which caches are asked, and several
# connections where they work, and nowhere else.
two_hosts
wire "[caches.kalaw.link.pai]
lan = false"
url_has() { as_root pai grep -q "^substituters = .*ssh://nix-ssh@kalaw.fritz.box[^ ]*$1" /etc/nix/nix.conf; }

for tag in whole first; do
    has_built kalaw $tag
    publish kalaw $tag
done
builds pai alice whole
check "whole: the public cache gives what both have" same "$STATUS $COPIED $BUILT" "0 0 0"
mutate 's/\?priority=\$\{toString priority\}"/?compress=false"/'
builds pai alice first
check "without a priority: the cache gives it" all_copied

# Paths that do not wait for each other.
cat >"$BOX/e2e/wide.nix" <<'NIX'
{ tag }:
let
  one =
    i:
    derivation {
      name = "wide-${tag}-${toString i}";
      system = builtins.currentSystem;
      builder = "/bin/sh";
      args = [
        "-c"
        "echo ${tag} ${toString i} >$out"
      ];
    };
in
builtins.genList one 40
NIX
LIMIT=30
# (A newer Nix has all its sessions in one connection of ssh.)
sessions() { grep -c "user nix-ssh" "$BOX/kalaw/nix-daemon.log"; }
fetch() { # TAG: sets SESSIONS, too
    local before
    as_root kalaw nix-build /e2e/wide.nix --argstr tag "$1" --no-out-link >/dev/null 2>&1
    before=$(sessions)
    as_root pai timeout -k 5 "$LIMIT" nix-build /e2e/wide.nix --argstr tag "$1" --no-out-link >"$LOG" 2>&1
    STATUS=$?
    COPIED=$(grep -ac "^copying path.*from 'ssh" "$LOG")
    SESSIONS=$(($(sessions) - before))
}
version=$(as_root pai nix --version | grep -o '[0-9.]*$')
several() { [ "$(printf '%s\n' 2.34 "$version" | sort -V | head -n 1)" = 2.34 ]; }
mend
fetch wide
check "whole, $version: every path is fetched" same "$STATUS $COPIED" "0 40"
if several; then
    check "whole, $version: by several sessions" at_least "$SESSIONS" 2
    check "whole, $version: by no more than sshd takes" at_most "$SESSIONS" 10
    mutate 's/\+ lib.optionalString severalConnections .*;/;/'
    fetch narrow
    check "without the connections: every path is fetched" same "$STATUS $COPIED" "0 40"
    check "without the connections: by a single one" same "$SESSIONS" 1
    human pai '{ pkgs, ... }: { nix.package = pkgs.nix // { pname = "lix"; }; }'
    mend
    check "whole, another implementation: one connection" not url_has max-connections
    mutate 's/lib.getName config.nix.package == "nix"/true/'
    check "without asking which implementation: several" url_has max-connections
    human pai '{ pkgs, ... }: { nix.package = pkgs.nix // { version = "2.33.9"; }; }'
    mend
    check "whole, an older Nix: one connection" not url_has max-connections
    mutate 's/&& lib.versionAtLeast .*;/;/'
    check "without asking how old it is: several" url_has max-connections
else
    check "whole, $version: by a single session" same "$SESSIONS" 1
    mutate 's/&& lib.versionAtLeast .*;/;/'
    check "without asking how old it is: several" url_has max-connections
    fetch hangs
    check "without asking how old it is: still waiting" same "$STATUS" 124
fi
