# shellcheck shell=bash
# A cache that exists elsewhere, over http: every line of its clients' Nix is needed.
two_hosts
elsewhere_ready
web_up 8080
WEB=http://$ELSEWHERE:8080
work "$WEB"
switch pai || exit 1

for tag in root alice both first own url key login netrc; do uploads $tag; done
for tag in both first own; do publish kalaw $tag; done
for user in root alice; do
    fetches $user $user
    check "whole, $user: every path is fetched" all_fetched
done

without '/^    substituters = /d'
fetches alice url
check "no substituter: nothing is fetched" all_built
without '/^    trusted-public-keys = /d'
fetches alice key
check "no trusted key: nothing is believed" all_built

# Who is asked first.
public_gives() { same "$STATUS $FETCHED $BUILT" "0 0 0"; }
whole
fetches alice both
check "whole: the public cache gives what both have" public_gives
without '/^    "priority=/d'
fetches alice first
check "without a priority: the cache says its own, and gives it" all_fetched
work "$WEB?compression=xz"
whole
check "whole, a URL with a parameter: both are there" as_root pai grep -q "$WEB?compression=xz&priority=41" /etc/nix/nix.conf
without 's/\(if lib.hasInfix .* else "\?"\)/"?"/'
check "without looking for one: the URL is none" as_root pai grep -q "xz?priority=41" /etc/nix/nix.conf
work "$WEB" "[caches.work.link.pai]
priority = 30"
whole
fetches alice own
check "whole, a priority of its own: the cache gives it" all_fetched
without 's| // way\)|)|'
check "without what differs for the host: it has another" as_root pai grep -q "priority=41" /etc/nix/nix.conf

# A login.
mode login
as_root pai sh -c "umask 077; echo 'machine $ELSEWHERE login larder password open-sesame-open' >/etc/work.netrc"
work "$WEB" 'netrc-file = "/etc/work.netrc"'
whole
fetches alice login
check "whole, with a login: every path is fetched" all_fetched
without '/^    netrc-file = /d'
fetches alice netrc
check "without the file: nothing is fetched" same "$FETCHED" 0
mode open

# Where a fact is missing, the client cannot be evaluated.
evaluates() { build_system pai >"$LOG" 2>&1; }
# (The name is in warnings alone, and the private key beside a certificate.)
human pai '{ pkgs, ... }: { nix.settings.fallback = false; nix.package = pkgs.nix // { version = "2.34.0"; }; }'
work "https://$ELSEWHERE:8443" 'tls-certificate = "/etc/pai.crt"
tls-private-key = "/etc/pai.key"'
check "whole: the client evaluates" evaluates
for fact in name url priority signingKeys netrcFile tlsCertificate tlsPrivateKey; do
    take_away caches/work "/^  $fact = /d"
    check "without $fact: it does not" not evaluates
done
take_away caches/work '/^  keys = import /d'
check "without all keys: it does not" not evaluates
