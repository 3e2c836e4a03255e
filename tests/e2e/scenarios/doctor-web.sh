# shellcheck shell=bash
# A cache over http(s): doctor shows what can be shown without a path to fetch, and proves it
# with one. Each fault is made, and doctor names it.
two_hosts
wire
doctor_ready
for tag in here named remembered old; do has_built kalaw $tag; done
for tag in here named old; do publish kalaw $tag; done
NO_SSHD=1
WEB=http://10.77.0.254:8080
ip addr add 10.77.0.254/24 dev lan
serve_web() { # PORT [CERTIFICATE]
    python3 "$E2E/lib/web.py" "$1" "$BOX/public" "$BOX/web.mode" "${@:2}" 2>>"$BOX/web.log" &
    soon sh -c "ss -ltn | grep -q '10.77.0.254:$1 '"
}
mode() { echo "$1" >"$BOX/web.mode"; }
mode open
serve_web 8080
use_web() { # URL [SETTINGS]
    human pai "{ lib, ... }: { nix.settings = { substituters = lib.mkForce [ \"$1\" ]; ${2:-} }; }"
    switch pai
    fresh_memory
}
# The daemon forgets what caches have answered.
fresh_memory() { as_root pai sh -c 'rm -f /root/.cache/nix/binary-cache-v*'; }
is_found() { # WHAT STATUS FOUND [FOUND_BY_ALICE] [PATH]
    local user found=$3
    for user in root alice; do
        [ $user = root ] || found=${4:-$found}
        # shellcheck disable=SC2086
        doctor $user ${5:-}
        check "$1: $user: $found" finds "$2" "$found"
    done
}
fails() { is_found "$1" 1 "$1" "${2:-}" "${3:-}"; } # CAUSE [FOR_ALICE [PATH]]
gone() { as_root pai nix-store --delete "$1" >/dev/null 2>&1; }

# A path with which it can be tried.
as_root pai nix-store --realise "$(path_of kalaw here)" --option substituters file:///srv/public >/dev/null 2>&1
use_web "$WEB"
is_found "without a path, past the daemon" 2 checked
check "and says what was not tried" grep -q 'fetched past its daemon' "$LOG"
named=$(path_of kalaw named)
for user in root alice; do
    doctor $user --dry-run
    check "$user: with --dry-run nothing is fetched" finds 2 open
    doctor $user "$named"
    check "$user: with a path, through the daemon" finds 0 proven
    gone "$named"
done
doctor root "$(path_of kalaw here)"
check "a path that is there proves nothing" finds 1 path-already-here
absent=/nix/store/$(printf '0%.0s' {1..32})-nowhere
fails path-absent path-absent "$absent"

# Green for another reason, and trust.
use_web "$WEB?trusted=1"
fails store-trusted
use_web "$WEB" "require-sigs = false;"
fails signatures-not-required
use_web "$WEB" "trusted-public-keys = lib.mkForce [ \"other-1:egq7FePEFoouQp1hs/rt3axBugMGj343PprxwogwFcE=\" ];"
fails signing-key-untrusted
use_web "$WEB" "trusted-public-keys = lib.mkForce [ \"public-1:egq7FePEFoouQp1hs/rt3axBugMGj343PprxwogwFcE=\" ];"
fails signing-key-differs

# The way.
use_web http://nowhere.fritz.box:8080
fails name-unknown
use_web http://10.77.0.254:8081
fails connection-refused
within pai ip neigh replace 10.77.0.250 lladdr 02:00:00:00:00:01 dev eth0 nud permanent
use_web http://10.77.0.250:8080
fails connection-lost
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=10.77.0.254 -keyout "$BOX/web.pem" \
    -out "$BOX/web.crt" 2>/dev/null && cat "$BOX/web.crt" >>"$BOX/web.pem"
serve_web 8443 "$BOX/web.pem"
use_web https://10.77.0.254:8443
fails certificate-refused

# Who answers, and whom.
use_web "$WEB"
for answer in "404 not-a-binary-cache" "portal not-a-binary-cache" "502 cache-server-fails" \
    "401 cache-login-refused" "403 cache-login-refused"; do
    mode "${answer% *}"
    fails "${answer#* }"
done
mode login
netrc() { as_root pai sh -c "umask 077; echo 'machine 10.77.0.254 $1' >/etc/nix/netrc"; }
netrc "password open-sesame-open"
fails cache-login-refused
doctor root
check "an entry without a login is ignored" grep -q 'without `login`' "$LOG"
netrc "login larder password open-sesame-open"
doctor root
check "with the whole entry: checked" finds 2 checked
mode private
as_root pai rm /etc/nix/netrc
fails cache-login-refused cache-login-refused "$named"
use_web "http://larder:open-sesame-open@10.77.0.254:8080"
is_found "with a password in the URL" 2 checked
mode open

# What the daemon remembers, and what it was told.
use_web "$WEB"
remembered=$(path_of kalaw remembered)
as_alice pai nix-store --realise "$remembered" -j0 >/dev/null 2>&1
publish kalaw remembered
fails narinfo-remembered "narinfo-remembered daemon-settings-old" "$remembered"
fresh_memory
doctor root "$remembered"
check "and nothing when that is gone" finds 0 proven
as_root pai cat /etc/nix/nix.conf >"$BOX/nix.conf"
sed 's/^substituters = .*/substituters =/' "$BOX/nix.conf" >"$BOX/without"
mv "$(root_of pai)/etc/nix/nix.conf" "$(root_of pai)/etc/nix/kept"
cp "$BOX/without" "$(root_of pai)/etc/nix/nix.conf"
restart pai nix-daemon
mv -f "$(root_of pai)/etc/nix/kept" "$(root_of pai)/etc/nix/nix.conf"
fails daemon-settings-old "narinfo-remembered daemon-settings-old" "$(path_of kalaw old)"
restart pai nix-daemon

# Beside a cache over ssh: one run, one verdict each.
human pai "{ nix.settings.substituters = [ \"$WEB?priority=50\" ]; }"
switch pai
NO_SSHD=
forgive
doctor root "${HALF[@]}"
check "beside a cache over ssh: proven and checked" finds 0 $'proven\nchecked'
forgive
doctor root --no-server "$named"
check "a path that both have: proven by the first" finds 0 $'proven\nchecked'
check "no password is shown" not grep -qa open-sesame "$BOX/doctor.all"
no_secret_is_left
