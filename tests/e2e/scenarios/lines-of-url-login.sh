# shellcheck shell=bash
# A cache that exists elsewhere lets a client in by secrets of agenix: each line that asks for
# them is needed. Without it a file is named that is not there, or one is not named that is
# there; or nobody hears of it.
two_hosts
elsewhere_ready
mkdir -p "$BOX/e2e/secrets"
for name in netrc crt key; do echo "$name" >"$BOX/e2e/secrets/$name"; done

# What the client is told.
told() { # SETTING
    as_root pai nix eval --raw --no-write-lock-file --override-input nixpkgs path:/e2e/nixos \
        "git+file:///fleet#nixosConfigurations.pai.config.nix.settings" \
        --apply "all: toString (all.$1 or \"nothing\")" 2>"$BOX/told.log" || echo fails
}
names() { [[ "$(told "$1")" = *"$2"* ]]; } # SETTING PART
asked() { names substituters "$ELSEWHERE:8443"; }
now() { # NIX
    human pai "$1"
    fleet_sync
    look
}
look() { build_system pai >"$LOG" 2>&1 || echo "evaluation fails" >>"$LOG"; }
says() { grep -q "warning: larder: the cache .work. $1" "$LOG"; }
silent() { not grep -q "warning: larder\|evaluation fails\|^error" "$LOG"; }
without() { # SED
    take_away use-url "$1"
    look
}
secret() { # NAME [MORE]
    echo "age.secrets.$1 = { file = \"/e2e/secrets/$1\"; ${2:-} };"
}

# A login in the form of netrc.
work "https://$ELSEWHERE:8443" 'netrc-file = "agenix:netrc"'
now "{ $(secret netrc) }"
check "declared: asked" asked
check "declared: its file is named" names netrc-file /run/agenix/netrc
check "declared: nothing is said" silent
without '/^      inherit config lib file;/d'
check "without what it is asked about: no evaluation" same "$(told substituters)" fails
without 's/^  netrc = .*/  netrc = secret null;/'
check "without the secret: not named" not names netrc-file /run/agenix/netrc
without 's/^  isThere = .*/  isThere = _: _: false;/'
check "without asking if it is there: not asked" not asked

now '{ }'
check "nothing declares it: not asked" not asked
check "nothing declares it: not named" not names netrc-file netrc
check "nothing declares it: that is said" says "is not asked: nothing declares the secret .agenix:netrc."
without '/^    netrc.trouble$/s/netrc.trouble/{ }/'
check "without that: not a word" silent
without '/^      lack = /s/is not asked/is well/'
check "without the word: does not say what is lost" not says "is not asked: nothing"
without '/^    isThere netrcFile netrc$/s/isThere netrcFile netrc/true/'
check "without asking if it is there: asked in vain" asked
without 's/ && canLogIn;/;/'
check "without asking if it can log in: asked in vain" asked
take_away use-url 's/\(netrc.path != null\) \{/(true) {/'
check "without asking if there is a file: nothing to name" not same "$(told netrc-file)" nothing
fleet_sync

now "{ $(secret netrc 'mode = "0444";') }"
check "mode 0444: that is said" says "shows everybody on this machine its login"
without '/^      "shows everybody/,/isOpen;$/d'
check "without that: not a word" silent

# A certificate and its key.
PACKAGE='nix.package = pkgs.nix // { version = "2.34.0"; };'
work "https://$ELSEWHERE:8443" 'tls-certificate = "agenix:crt"
tls-private-key = "agenix:key"'
now "{ pkgs, ... }: { $PACKAGE $(secret crt) $(secret key) }"
check "both declared: named" names substituters "&tls-certificate=/run/agenix/crt&tls-private-key=/run/agenix/key"
check "both declared: nothing is said" silent
for line in certificate privateKey; do
    without "s/^  $line = .*/  $line = secret null;/"
    check "without the secret of $line: not asked" not asked
done
now "{ pkgs, ... }: { $PACKAGE $(secret key) }"
check "no certificate: not asked" not asked
check "no certificate: that is said" says "is not asked: nothing declares the secret .agenix:crt."
without '/^    && isThere tlsCertificate /d'
check "without asking if it is there: no evaluation" same "$(told substituters)" fails
without '/^    \/\/ certificate.trouble$/d'
check "without that: not a word" silent
now "{ pkgs, ... }: { $PACKAGE $(secret crt) }"
check "no key: not asked" not asked
check "no key: that is said" says "is not asked: nothing declares the secret .agenix:key."
without 's/^    && isThere tlsPrivateKey privateKey;/    ;/'
check "without asking if it is there: no evaluation" same "$(told substituters)" fails
without '/^    \/\/ privateKey.trouble$/d'
check "without that: not a word" silent
