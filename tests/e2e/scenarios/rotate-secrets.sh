# shellcheck shell=bash
# `larder rotate` where sops-nix and agenix bring the keys: people encrypt, larder says what and
# when. Between any two steps and any two switches what is built is fetched.
two_hosts
SECRETS=$BOX/e2e/secrets
mkdir -p "$SECRETS"
pair() { ssh-keygen -q -t ed25519 -N '' -C '' -f "$1"; }
signing_pair() { as_root kalaw nix-store --generate-binary-cache-key "$1" "/e2e/secrets/$1" "/e2e/secrets/$1.public"; }
signing_pair kalaw-1
pair "$SECRETS/login"
signing_key() { cat "$SECRETS/kalaw-1.public"; }
of_sops() { # NAME...
    local name
    echo "{"
    for name; do echo "  sops.secrets.\"$name\".sopsFile = \"/e2e/secrets/$name\";"; done
    echo "}"
}
human kalaw "$(of_sops kalaw-1)"
human pai '{ age.secrets.login.file = "/e2e/secrets/login"; }'
inventory 'signing-key-file = "sops:kalaw-1"' \
    "identity = { file = \"agenix:login\", key = \"$(cut -d ' ' -f 1,2 "$SECRETS/login.pub")\" }"
switch kalaw && switch pai || exit 1
rotate_ready kalaw pai
older() { # WHAT TAG
    builds pai alice "$2"
    check "$1: what was built before is fetched" all_copied
}
for tag in older1 older2; do has_built kalaw $tag; done
works "before"

# The signing key: the successor is a secret of its own.
in_fleet "$LARDER" --yes rotate signing-key kalaw >"$LOG" 2>&1 </dev/null
check "without the new key: says which secret is to have it" grep -q "sops:kalaw-2\|kalaw-2" "$LOG"
check "and the command of the tool" grep -q "sops edit" "$LOG"
signing_pair kalaw-2
human kalaw "$(of_sops kalaw-1 kalaw-2)"
step signing-key kalaw "$(cat "$SECRETS/kalaw-2.public")"
check "the secret is called after the key" grep -q '"sops:kalaw-1", "sops:kalaw-2"' "$FLEET/larder.toml"
becomes pai kalaw
check "the cache signs with both" same "$(as_root kalaw grep -c '^trusted ' /run/larder/signing-key)" 2
as_root kalaw sh -c 'nix store sign --all --key-file /run/secrets/kalaw-2' >"$BOX/sign.log" 2>&1
step signing-key kalaw
becomes pai kalaw
older "clients trust the new one alone" older1
step signing-key kalaw
human kalaw "$(of_sops kalaw-2)"
becomes kalaw pai
check "the old secret is not used" not as_root kalaw grep -q kalaw-1 /etc/nix/nix.conf
check "the new one is trusted" as_root kalaw grep -q '^trusted kalaw-2:' /run/larder/signing-key

# The login key: the new one takes the place of the old one in the same secret.
pair "$SECRETS/login.next"
in_fleet "$LARDER" --yes rotate identity pai >"$LOG" 2>&1 </dev/null
check "without the new key: says what to make" grep -q "ssh-keygen" "$LOG"
step identity pai "$(cut -d ' ' -f 1,2 "$SECRETS/login.next.pub")"
becomes pai kalaw
cp "$SECRETS/login.next" "$SECRETS/login"
becomes pai
step identity pai
check "one key again" not grep -q 'key = \["ssh-ed25519' "$FLEET/larder.toml"
becomes kalaw pai
check "nobody was shut out" not grep -qi penalt "$BOX/kalaw/sshd.log"
check "no login failed" not grep -q "Failed publickey\|Connection closed by authenticating" "$BOX/kalaw/sshd.log"
older "after all of it" older2
