# shellcheck shell=bash
# A cache that exists elsewhere is off: Nix builds here, after a time that has an end. An old
# Nix ends all builds where a cache is off that it knew (it aborts in its own handling of
# that), whatever its settings are: there only a cache is tried that it has not seen for a week.
two_hosts
elsewhere_ready
web_up 8080
work "http://$ELSEWHERE:8080"
switch pai || exit 1
version=$(as_root pai nix --version | grep -o '[0-9.]*$')
is_new() { [ "$(printf '%s\n' 2.32 "$version" | sort -V | head -n 1)" = 2.32 ]; }
# It has been used, and Nix remembers that it is a cache.
known() {
    web_up 8080
    uploads "used-$1"
    fetches alice "used-$1"
    check "whole: every path is fetched" all_fetched
    web_down
    is_new || fresh_memory
}
web_down
known refused
builds pai alice refused
check "whole, $version, refused: everything is built here" all_built
check "whole, $version, refused: after seconds" at_most "$TOOK" 12
if is_new; then
    known fallback
    without 's/fallback = lib.mkDefault true/fallback = false/'
    builds pai alice refused-again
    check "no fallback: the build fails" not same "$STATUS" 0
    whole
fi

known vanished
web_vanishes
LIMIT=70
builds pai alice vanished
check "whole, $version, vanished: everything is built here" all_built
check "whole, $version, vanished: after half a minute" at_most "$TOOK" 40
without 's/connect-timeout = lib.mkDefault 5;//'
is_new || fresh_memory
builds pai alice waits
check "no limit, vanished: still waiting after a minute" same "$STATUS" 124
