# shellcheck shell=bash
# The client half of a cache that exists elsewhere says itself that what it sets is lost.
two_hosts
elsewhere_ready
work "https://$ELSEWHERE:8443" 'netrc-file = "/etc/work.netrc"'

says() { # NIX WORDS
    human pai "$1"
    fleet_sync
    build_system pai >"$LOG" 2>&1
    check "$2" grep -q "warning: larder: the cache .work. .*$2" "$LOG"
    take_away use-url "/^ +\".*$2/{:a;/;\$/!{N;ba};d}"
    build_system pai >"$LOG" 2>&1
    check "without that line: evaluates" same $? 0
    check "without that line: not a word" not grep -q "warning: larder: .*$2" "$LOG"
}
silent() { # NIX
    human pai "$1"
    fleet_sync
    build_system pai >"$LOG" 2>&1
    check "nothing to say: $1" not grep -q "warning: larder\|error:" "$LOG"
}
silent '{ nix.settings.substituters = [ "https://example.org" ]; }'
says '{ nix.enable = false; }' "is not used"
says '{ lib, ... }: { nix.settings.substituters = lib.mkForce [ ]; }' "is not asked: another"
says '{ nix.settings.substitute = false; }' "substitute. is false"
says '{ lib, ... }: { nix.settings.trusted-public-keys = lib.mkForce [ ]; }' "is not trusted"
says '{ nix.settings.fallback = false; }' "fails builds while it is off"
says '{ nix.settings.netrc-file = "/etc/nix/netrc"; }' "lets nobody in"
silent '{ nix.settings.fallback = "true"; nix.settings.connect-timeout = 2; }'
# Without a condition it is said where it is not so.
amiss() { # SED WORDS
    take_away use-url "$1"
    build_system pai >"$LOG" 2>&1
    check "without $1: $2" grep -q "warning: larder: .*$2" "$LOG"
}
silent '{ pkgs, ... }: { nix.package = pkgs.nix // { pname = "lix"; version = "2.94.0"; }; }'
work "https://$ELSEWHERE:8443"
amiss 's/netrc.path != null && lost/lost/' "lets nobody in"
work "https://$ELSEWHERE:8443" 'tls-certificate = "/e2e/pai.crt"
tls-private-key = "/e2e/pai.key"'
amiss 's/isUsable && lost/lost/' "is not asked: another"
