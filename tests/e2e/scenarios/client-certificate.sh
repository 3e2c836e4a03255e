# shellcheck shell=bash
# A cache that exists elsewhere wants to see a certificate: Nix from 2.34 on has one to show,
# and an older one does not ask the cache at all.
two_hosts
elsewhere_ready
quiet() { "$@" >/dev/null 2>&1; }
certificate() { # NAME EXTENSION
    quiet openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" -keyout "$BOX/e2e/$1.key" -out "$BOX/$1.csr"
    echo "$2" >"$BOX/$1.ext"
    quiet openssl x509 -req -in "$BOX/$1.csr" -CA "$BOX/e2e/ca.crt" -CAkey "$BOX/ca.key" -CAcreateserial \
        -days 2 -extfile "$BOX/$1.ext" -out "$BOX/e2e/$1.crt"
}
quiet openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=ca -keyout "$BOX/ca.key" -out "$BOX/e2e/ca.crt"
certificate server "subjectAltName=IP:$ELSEWHERE"
certificate pai "extendedKeyUsage=clientAuth"
cat "$BOX/e2e/server.crt" "$BOX/e2e/server.key" >"$BOX/server.pem"
chmod 600 "$BOX/e2e/pai.key"
web_up 8443 "$BOX/server.pem" "$BOX/e2e/ca.crt"
# As `security.pki.certificateFiles` of a private authority.
trusts() { human pai "{ nix.settings.ssl-cert-file = \"/e2e/ca.crt\"; ${1:-} }"; }
trusts
work "https://$ELSEWHERE:8443" 'tls-certificate = "/e2e/pai.crt"
tls-private-key = "/e2e/pai.key"'
build_system pai >"$LOG" 2>&1
cp "$LOG" "$BOX/whole.log"
switch pai || exit 1
warns() { grep -q "warning: larder: the cache .work. is not asked: it wants a client certificate" "$1"; }
asks() { as_root pai grep -q "https://$ELSEWHERE:8443?priority=41&tls-certificate=/e2e/pai.crt&tls-private-key=/e2e/pai.key" /etc/nix/nix.conf; }
pretend() { trusts "nix.package = pkgs.nix // { pname = \"$1\"; version = \"$2\"; };"; sed -i 's/^{ nix/{ pkgs, ... }: &/' "$FLEET/human/pai.nix"; fleet_commit "as $1 $2"; whole; }

version=$(as_root pai nix --version | grep -o '[0-9.]*$')
if [ "$(printf '%s\n' 2.34 "$version" | sort -V | head -n 1)" = 2.34 ]; then
    for tag in whole certificate key; do uploads $tag; done
    check "whole, $version: no warning" not warns "$BOX/whole.log"
    fetches alice whole
    check "whole, $version: every path is fetched" all_fetched
    without '/^    "tls-certificate=/d'
    fetches alice certificate
    check "without the certificate: nothing is fetched" same "$FETCHED" 0
    without '/^    "tls-private-key=/d'
    fetches alice key
    check "without its key: nothing is fetched" same "$FETCHED" 0
else
    check "whole, $version: it says why the cache is not asked" warns "$BOX/whole.log"
    check "whole, $version: the cache is not asked" not asks
fi
pretend nix 2.34.0
check "whole, Nix 2.34: it is asked" asks
pretend nix 2.33.9
check "whole, Nix 2.33: it is not" not asks
take_away use-url '/^      "is not asked: it wants a client certificate/,/canShow;$/d'
build_system pai >"$LOG" 2>&1
check "without that warning: not a word" not warns "$LOG"
without '/^    && lib.versionAtLeast .*;/s/.*/;/'
check "without asking how old it is: it is asked" asks
pretend lix 2.94.0
check "whole, Lix: it is not asked" not asks
without 's/lib.getName config.nix.package != "lix"/true/'
check "without asking which implementation: it is" asks
without 's/lib.optional isUsable substituter/[ substituter ]/'
check "without asking whether it can: it is" asks
work "https://$ELSEWHERE:8443"
whole
check "whole, no certificate wanted: it is asked" as_root pai grep -q "https://$ELSEWHERE:8443?priority=41 " /etc/nix/nix.conf
without 's/canShow = tlsCertificate == null \|\| /canShow = /'
check "without asking whether one is wanted: it is not" not as_root pai grep -q "https://$ELSEWHERE:8443" /etc/nix/nix.conf
take_away use-url '/^  \+\+ lib.optionals /s/tlsCertificate != null/true/'
check "without asking whether there is one: nothing evaluates" not build_system pai >"$LOG" 2>&1
