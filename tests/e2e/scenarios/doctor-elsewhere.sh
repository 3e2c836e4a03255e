# shellcheck shell=bash
# doctor on a client that larder has wired to a cache elsewhere: it is proven with a path, and
# a login that is missing, a server that is off and a key that is not trusted are named.
two_hosts
elsewhere_ready
doctor_ready
web_up 8080
work "http://$ELSEWHERE:8080" 'netrc-file = "/etc/work.netrc"'
as_root pai sh -c "umask 077; echo 'machine $ELSEWHERE login larder password open-sesame-open' >/etc/work.netrc"
switch pai || exit 1
NO_SSHD=1
for tag in whole login key; do
    has_built kalaw $tag
    uploads $tag
done
is_found() { # WHAT STATUS FOUND PATH
    fresh_memory
    doctor root "$4"
    check "$1: $3" finds "$2" "$3"
}
mode login
is_found "whole, with its login" 0 proven "$(path_of kalaw whole)"
as_root pai rm /etc/work.netrc
is_found "without the file of its login" 1 cache-login-refused "$(path_of kalaw login)"
mode open
without '/^    trusted-public-keys = /d'
is_found "without its key" 1 signing-key-untrusted "$(path_of kalaw key)"
