# shellcheck shell=bash
# Each line of what asks for a secret of agenix, sops-nix or clan is needed: without it a key
# is named that is not there, and every build fails; or one is not named that is there; or
# nobody hears of it.
two_hosts
wire

mkdir -p "$BOX/e2e/secrets/kalaw-1"
cp "$(root_of kalaw)/var/lib/larder/kalaw-1.secret" "$BOX/e2e/secrets/agenix-1"
cp "$BOX/e2e/secrets/agenix-1" "$BOX/e2e/secrets/kalaw-1/secret"

# What the host is told of: its signing keys, its substituters.
told() { # HOST
    local option=secret-key-files
    [ "$1" = kalaw ] || option=substituters
    as_root "$1" nix eval --raw --no-write-lock-file --override-input nixpkgs path:/e2e/nixos \
        "git+file:///fleet#nixosConfigurations.$1.config.nix.settings.$option" --apply toString 2>"$BOX/told.log"
}
# A secret that is named, or not, and what is said of it.
now() { # HOST NIX
    human "$1" "$2"
    fleet_sync
    look "$1"
}
look() { # HOST
    TOLD=$(told "$1") || TOLD=fails
    build_system "$1" >"$LOG" 2>&1 || echo "evaluation fails" >>"$LOG"
}
names() { [[ " $TOLD " = *" $1 "* ]]; }
says() { grep -q "warning: larder: the cache .kalaw. $1" "$LOG"; }
silent() { not grep -q "warning: larder\|evaluation fails\|^error" "$LOG"; }
without() { # HOST MODULE SED
    take_away "$2" "$3"
    look "$1"
}

# The signing key of the cache, of agenix.
inventory 'signing-key-file = "agenix:agenix-1"'
AGENIX=/run/agenix/agenix-1
secret() { # MORE
    echo "{ age.secrets.agenix-1 = { file = \"/e2e/secrets/agenix-1\"; $1 }; ${2:-} }"
}
now kalaw "$(secret "")"
check "declared: named" names $AGENIX
check "declared: nothing is said" silent
without kalaw secret 's/^  isSecret = .*/  isSecret = false;/'
check "without asking what it is: not a path" not names $AGENIX
inventory
without kalaw secret '/^    if !isSecret then/,/^      file$/d;s/^    else if isThere/    if isThere/'
check "without that: no path is taken" not names /var/lib/larder/kalaw-1.secret
inventory 'signing-key-file = "agenix:agenix-1"'
without kalaw secret 's/^      declared.path$/      null/'
check "without its path: not named" not names $AGENIX
without kalaw serve '/^  secrets = /s/=.*/= [ ];/'
check "without the secrets: not named" not names $AGENIX
without kalaw serve '/^      inherit config lib file;/d'
check "without what it is asked about: no evaluation" same "$TOLD" fails
for line in '/^  keys = /s/=.*/= [ ];/' '/^  names = /s/=.*/= [ ];/' 's/^  named = .*/  named = [ ];/' 's/\(map \(key: key.path\) keys\)/[ ]/'; do
    without kalaw serve "$line"
    check "without $line: not named" not names $AGENIX
done
now kalaw "$(secret 'path = "/elsewhere/key";')"
check "elsewhere: named there" names /elsewhere/key

now kalaw '{ }'
check "nothing declares it: not named" same "$TOLD" ""
check "nothing declares it: that is said" says "does not sign: nothing declares the secret .agenix:agenix-1."
without kalaw serve '/^    \/\/ lib.foldl.*secret.trouble/d'
check "without that: not a word" silent
without kalaw serve '/^      lack = /s/does not sign/is well/'
check "without the word: does not say what is lost" not says "does not sign"
without kalaw secret '/^  trouble = /,/^  \);/c\  trouble = { };'
check "without the trouble: not a word" silent
without kalaw secret '/^    "nothing declares/s/= .*/= false;/'
check "without that reason: not a word, or no evaluation" not says "does not sign: nothing declares"
without kalaw secret 's/^  isDeclared = .*/  isDeclared = true;/'
check "without asking if it is declared: no evaluation" same "$TOLD" fails
fleet_sync

# Who may read it.
now kalaw "$(secret 'mode = "0444";')"
check "mode 0444: named" names $AGENIX
check "mode 0444: that is said" says "signs with a key that everybody"
for line in '/^  isOpen = /s/=.*/= false;/' 's/^  mode = .*/  mode = "";/' 's/^  hasMode = .*/  hasMode = _: false;/'; do
    without kalaw secret "$line"
    check "without $line: not a word" silent
done
without kalaw serve '/^      "signs with a key/,/secrets;/d'
check "without that warning: not a word" silent
now kalaw "$(secret 'mode = "0440";')"
check "mode 0440: nothing is said" silent
now kalaw "$(secret 'owner = "alice";' 'nix.daemonUser = "alice";')"
check "of the Nix daemon: named" names $AGENIX
check "of the Nix daemon: nothing is said" silent
without kalaw secret 's/^  owner = .*/  owner = "0";/'
check "without the owner: not named" not names $AGENIX
now kalaw "$(secret 'owner = "bob";' 'nix.daemonUser = "alice";')"
check "of another: not named" same "$TOLD" ""
check "of another: that is said" says "does not sign: the secret .agenix:agenix-1. belongs to .bob., and the Nix daemon is .alice."
without kalaw secret '/belongs to/,/;$/d'
check "without that reason: named" names $AGENIX
without kalaw secret 's/^  daemonUser = .*/  daemonUser = "root";/'
check "without the daemon's user: named" names $AGENIX
without kalaw secret 's/^  isThere = .*/  isThere = true;/'
check "without counting the reasons: named" names $AGENIX
now kalaw "$(secret 'owner = "bob";')"
check "of another, and the daemon is root: named" names $AGENIX
check "of another, and the daemon is root: nothing is said" silent

# Of sops-nix, with a number as its owner.
inventory 'signing-key-file = "sops:cache/kalaw-1"'
now kalaw '{ nix.daemonUser = "1000"; sops.secrets."cache/kalaw-1" = { sopsFile = "/e2e/secrets/agenix-1"; uid = 1000; }; }'
check "of a number: named" names /run/secrets/cache/kalaw-1
without kalaw secret 's/toString \(declared.uid or 0\)/"0"/'
check "without the number: not named" same "$TOLD" ""

# Of clan: files that are not there, and the one that is.
inventory 'signing-key-file = "clan:kalaw-1/secret"'
clan() { # MORE
    echo "{ clan.core.settings.directory = ./..; clan.core.vars.generators.kalaw-1.files.secret = { $1 }; }"
}
now kalaw "$(clan "")"
check "clan, not generated: not named" same "$TOLD" ""
check "clan, not generated: that is said" says "does not sign: clan has not generated"
without kalaw secret 's/declared.path == "\/no-such-path"/false/'
check "without that reason: named" test -n "$TOLD"
mkdir -p "$FLEET/vars/per-machine/kalaw/kalaw-1/secret"
echo encrypted >"$FLEET/vars/per-machine/kalaw/kalaw-1/secret/secret"
CLAN=/run/secrets/vars/per-machine/kalaw/kalaw-1/secret
now kalaw "$(clan "")"
check "clan, generated: named" names $CLAN
check "clan, generated: nothing is said" silent
now kalaw "$(clan 'secret = false;')"
check "clan, public: not named" same "$TOLD" ""
check "clan, public: that is said" says "does not sign: the secret .* is public"
without kalaw secret '/is public, and/s/= .*/= false;/'
check "without that reason: named" names $CLAN
for more in 'deploy = false;' 'neededFor = "partitioning";'; do
    now kalaw "$(clan "$more")"
    check "clan, $more: not named" same "$TOLD" ""
    check "clan, $more: that is said" says "does not sign: clan brings the secret"
    case $more in
    deploy*) without kalaw secret 's/!\(declared.deploy or true\)/false/' ;;
    *) without kalaw secret 's/declared.neededFor or "" == "partitioning"/false/' ;;
    esac
    check "without looking there: named" names $CLAN
    without kalaw secret '/^    "clan brings/s/= .*/= false;/'
    check "without that reason: named" names $CLAN
done

# It becomes so: what is built is signed with it.
now kalaw "$(clan "")"
switch kalaw && switch pai || exit 1
as_root kalaw rm -r /var/lib/larder
has_built kalaw of-clan
builds pai alice of-clan
check "whole: what the secret has signed is fetched" all_copied
check "whole: the key is found" as_root kalaw grep -q "^trusted kalaw-1:" /run/larder/signing-key

# Two keys, of which one is not declared: the other is taken for what it is.
PUBLIC=$(as_root kalaw sh -c "nix key convert-secret-to-public <$CLAN")
signing_key() { echo "$PUBLIC"; }
as_root kalaw nix-store --generate-binary-cache-key kalaw-2 /e2e/secrets/agenix-1 /e2e/secrets/public
inventory 'signing-key-file = "clan:kalaw-1/secret"'
sed -i -E "s|^signing-key = (.*)|signing-key = [\1, \"$(cat "$BOX/e2e/secrets/public")\"]|;
    s|^signing-key-file = .*|signing-key-file = [\"clan:lost/secret\", \"agenix:agenix-1\"]|" "$FLEET/larder.toml"
now kalaw "$(secret "")"
check "two keys, one declared: that one is named" same "$TOLD" $AGENIX
switch kalaw || exit 1
check "two keys, one declared: it is trusted" as_root kalaw grep -q "^trusted kalaw-2:" /run/larder/signing-key
take_away serve '/^      signingKeyName =$/,/;$/d'
switch kalaw || exit 1
check "without its name: taken for the other" as_root kalaw grep -q "^differs kalaw-2:" /run/larder/signing-key
without kalaw serve '/^      signingKeyFiles = /d'
check "without the paths: no evaluation" grep -q "evaluation fails" "$LOG"

# The key with which a client logs in.
ssh-keygen -q -t ed25519 -N '' -C '' -f "$BOX/e2e/secrets/login"
login() { # REFERENCE
    inventory 'signing-key-file = "clan:kalaw-1/secret"' "identity = { file = \"$1\", key = \"$(cut -d ' ' -f 1,2 "$BOX/e2e/secrets/login.pub")\" }"
}
URL=ssh://nix-ssh@kalaw.fritz.box
asks() { [[ $TOLD = *"$URL"* ]]; }
of_sops() { echo "{ sops.secrets.login = { sopsFile = \"/e2e/secrets/login\"; $1 }; ${2:-} }"; }
now kalaw "$(clan "")"
login sops:login
now pai "$(of_sops "")"
check "a login: asked" asks
check "a login: nothing is said" silent
switch kalaw && switch pai || exit 1
has_built kalaw of-sops
builds pai alice of-sops
check "a login: what is built is fetched" all_copied
now pai '{ }'
check "a login that nothing declares: not asked" not asks
check "a login that nothing declares: that is said" says "is not asked: nothing declares the secret .sops:login."
check "a login that nothing declares: said once" same "$(grep -c "warning: larder: the cache .kalaw. is not asked" "$LOG")" 1
without pai use 's/^    login.trouble$/    { }/'
check "without that: not a word" silent
without pai login-key '/^    lack = /s/is not asked/is well/'
check "without the word: does not say what is lost" not says "is not asked"
without pai use 's/^    substituters = .*/    substituters = [ url ];/'
check "without asking if there is a key: asked" asks
without pai login-key 's/^  isPossible = .*/  isPossible = true;/'
check "without asking if there is a key: asked" asks
without pai use 's/^        login.isPossible && lost/        lost/'
check "without that: another reason is said as well" says "is not asked: another definition"
now pai "$(of_sops 'mode = "0440";')"
check "a login that others can read: that is said" says "cannot be reached: ssh refuses"
without pai secret '/^  isShared = /s/=.*/= false;/'
check "without asking who can: not a word" silent
without pai use '/ssh refuses a key/,/;$/d'
check "without that warning: not a word" silent
now pai "$(of_sops 'mode = "0440"; owner = "alice";')"
check "a login of another that others can read: root reads it" silent
without pai secret 's/^  isOwn = .*/  isOwn = true;/'
check "without asking whose it is: refused, they say" says "cannot be reached: ssh refuses"
now pai "$(of_sops 'mode = "0440";')"
without pai secret 's/ \|\| daemonUser == "root" && owner == "0"//'
check "without root's number: not a word" silent
for line in 's/^    file = identity;/    file = null;/' 's/^    lib.optional \(identity != null.*\+\+ hostKeyFiles/    hostKeyFiles/'; do
    now pai "$(of_sops "")"
    take_away login-key "$line"
    switch pai || exit 1
    forget pai
    builds pai alice "no-$RANDOM"
    check "without $line: no login with the secret" not as_root pai grep -q "IdentityFile /run/secrets/login" /etc/ssh/ssh_config
done
