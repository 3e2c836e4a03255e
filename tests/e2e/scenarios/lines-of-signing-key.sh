# shellcheck shell=bash
# Each line of the service that looks after the signing key is needed: without it the
# cache makes no key, cannot build, or nobody hears what is wrong.
two_hosts
FOLDER=/var/lib/larder
SECRET=$FOLDER/kalaw-1.secret
COUNT=3

without() { # SED
    take_away signing-key "$1"
    become
}
# It becomes so also where it can build nothing any more.
become() {
    build_system kalaw --option secret-key-files "" >"$LOG" 2>&1 || { cat "$LOG"; exit 1; }
    as_root kalaw rm -rf /run/larder
    activate kalaw
}
whole() {
    fleet_sync
    become
}
no_key_yet() { as_root kalaw sh -c 'umount /var/lib/larder; rm -rf /var/lib/larder' 2>/dev/null; }
has_key() { grep -qs "^$1:" "$(root_of kalaw)$SECRET"; }
can_build() { has_built kalaw "$1" >/dev/null; }
says() { grep -q "$1" "$BOX/kalaw.activate.log"; }
failed() { as_root kalaw test -e /run/failed/larder-signing-key; }
finds() { as_root kalaw grep -qs "^$1 " /run/larder/signing-key; }

# A key that nobody knows yet.
inventory
whole
check "whole: a key is made" has_key kalaw-1
check "whole: only root can read it" same "$(as_root kalaw stat -c '%a %U' $SECRET)" "600 root"
owner() { as_root kalaw stat -c '%a %U' $SECRET; }
human kalaw '{ nix.daemonUser = "alice"; }'
whole
check "whole: whoever runs the Nix daemon can read it, and nobody else" same "$(owner)" "600 alice"
as_root kalaw chown root $SECRET
without '/^ +if test -s "\$secret"; then chown/d'
check "without chown: only root can" same "$(owner)" "600 root"
human kalaw '{ }'
whole
check "whole: the cache builds" can_build whole
check "whole: finds it pending" finds "pending $(signing_key kalaw)"
check "whole: what it finds is for everybody" same "$(as_root kalaw stat -c %a /run/larder/signing-key)" 644
without '/^ +elif .*known\[@\]\} = 0.*names/{N;d}'
check "without asking if one is known: not found pending" not finds pending
number=0
for line in '/^    names=/d' '/^      name=/d' '/^      mkdir -p /d' '/--generate-binary-cache-key /d' '/^      mv -f "\$secret/d' \
    's/^ +create "\$name" .*/true/' 's/^ +create_missing /        true /' '/^    for secret in /s/in .*/in ""; do/'; do
    no_key_yet
    without "$line"
    check "without $line: no key" not has_key kalaw-1
    check "without $line: the cache cannot build" not can_build "key$((number++))"
done
for line in '/^      mv -f "\$public/d' '/^      public=/d'; do
    no_key_yet
    without "$line"
    check "without $line: the public half is nowhere" same "$(signing_key kalaw)" pending
done
for words in "made the signing key" "sign once what was built" "store sign --all"; do
    no_key_yet
    whole
    check "whole: says $words" says "$words"
    no_key_yet
    without "/echo .*$words/d"
    check "without that line: a key is made" has_key kalaw-1
    check "without that line: does not say so" not says "$words"
done
no_key_yet
whole
check "whole: says larder keys set" says "larder keys set kalaw --signing-key"
no_key_yet
without '/echo "  \$\{tell\}/d'
check "without that line: does not say so" not says "larder keys set kalaw --signing-key"
for line in '/^      "larder keys set /s/".*"/"larder"/' 's/lib.isList cache.signingKeyName/true/'; do
    no_key_yet
    without "$line"
    check "without $line: another advice" not says "larder keys set kalaw --signing-key"
done
no_key_yet
whole
made=$(signing_key kalaw)
become
check "whole: the key stays" same "$(signing_key kalaw)" "$made"
without 's/! test -s "\$secret" \|\| grep.*; then/true; then/'
check "without asking if it is there: another one" not same "$(signing_key kalaw)" "$made" >/dev/null

# A disk that is full: the public half still fits.
full() {
    no_key_yet
    as_root kalaw sh -c "mkdir $FOLDER; mount -t tmpfs -o size=8k,mode=755 tmpfs $FOLDER; head -c 4096 /dev/zero >$FOLDER/filled"
}
fleet_sync
full
become
check "whole, disk full: the unit has failed" failed
check "whole, disk full: says so" says "could not be created"
check "whole, disk full: not announced" not says "made the signing key"
check "whole, disk full: finds none" finds missing
take_away signing-key 's/(--generate-binary-cache-key .*) \|\| return/\1/'
full
become
check "without that return: announced" says "made the signing key"
take_away signing-key 's/create "\$name" \|\| return/create "$name"/'
full
become
check "without that return: announced" says "made the signing key"
for line in '/could not be created/d' '/failed=1/d' 's/exit \$failed/exit 0/' '/^    failed=0/d'; do
    take_away signing-key "$line"
    full
    become
    case $line in
    *created*) check "without $line: does not say so" not says "could not be created" ;;
    *failed=0*) ;;
    *) check "without $line: not a failed unit" not failed ;;
    esac
done

# The key is known, and lost.
no_key_yet
whole
inventory
switch pai || exit 1
become
check "whole, known: finds it trusted" finds "trusted $(signing_key kalaw)"
check "whole, known: nothing is said" not says larder:
as_root kalaw cp -a /var/lib/larder /backup
no_key_yet
become
check "whole, lost: no key of the same name" not has_key kalaw-1
check "whole, lost: the cache builds" can_build lost
check "whole, lost: finds it lost" finds lost
for words in "is gone from" "put it back from your backup"; do
    check "whole, lost: says $words" says "$words"
    without "/echo .*$words/d"
    check "without that line: does not say so" not says "$words"
    whole
done
without '/^        lost\)$/,/;;$/d'
check "without the case: not a word" not says larder:
without 's/\[\[ "\$half" = \*-lost:\* \]\]/false/'
check "without lost: the wrong advice" says "larder keys set kalaw --replace"
without '/^ +state=lost$/d'
check "without the word: not found lost" not finds lost
no_key_yet
without '/create "\$name-lost"/s/create .*/true/'
check "without a stand-in: the cache cannot build" not can_build no-stand-in
no_key_yet
without 's/^    trusted=.*/trusted=()/'
check "without knowing: another key of the same name" has_key kalaw-1
check "without knowing: not found lost" finds pending

# Given up: the stand-in gives way.
as_root kalaw cp -a /backup/. /var/lib/larder/
signing_key() { echo pending; }
inventory
as_root kalaw nix-store --generate-binary-cache-key kalaw-1-lost $SECRET /stand-in.public
whole
check "whole, given up: a new key" has_key kalaw-1
as_root kalaw nix-store --generate-binary-cache-key kalaw-1-lost $SECRET /stand-in.public
without "s/ \\|\\| grep -q .*; then/; then/"
check "without asking if it is a stand-in: it stays" has_key kalaw-1-lost
signing_key() { cat "$(root_of "$1")/var/lib/larder/$1-1.public"; }
as_root kalaw cp -a /backup/. /var/lib/larder/
inventory

# Restored from somewhere else: the right name, another key.
as_root kalaw nix-store --generate-binary-cache-key kalaw-1 $SECRET /other.public
whole
other=$(cat "$(root_of kalaw)/other.public")
check "whole, another key: finds that it differs" finds "differs $other"
builds pai alice before
has_built kalaw differs
builds pai alice differs
check "control: clients do not believe it" all_built
for words in "not the one that clients trust" "put the right one there" "replace --signing-key"; do
    check "whole, another key: says $words" says "$words"
    without "/echo .*$words/d"
    check "without that line: does not say so" not says "$words"
    whole
done
check "whole, another key: says which" says "larder keys set kalaw --replace --signing-key '$other'"
without '/^        differs\)$/,/;;$/d'
check "without the case: not a word" not says larder:
without '/^      complain$/d'
check "without a complaint: not a word" not says larder:
without '/^ +state=differs$/d'
check "without the word: not found" not finds differs
for line in '/^      compare$/d' '/^      half=\$\(public_half\)$/d' '/^        echo "\$\{BASH_REMATCH/d; /^        echo "..\$\{BASH_REMATCH/d' \
    '/^      echo "\$state /d' '/^    mkdir -p \/run\/larder$/d' '/^    mv -f \/run\/larder/d' '/^    done >/s/done >.*/done/'; do
    without "$line"
    check "without $line: not found" not finds "differs $other"
done
as_root kalaw cp -a /backup/. /var/lib/larder/
without '/^ +state=trusted$/d'
check "without the word: not found trusted" not finds trusted
without 's/^ +elif \[\[ " .*known.* then$/elif false; then/'
check "without comparing: not found trusted" not finds trusted

# Another secret in its place is not shown.
as_root kalaw sh -c "echo verysecret >$SECRET"
whole
check "whole, not a key: nothing is known" finds "unknown -"
check "whole, not a key: it is not shown" not grep -q verysecret "$BOX/kalaw.activate.log"
take_away signing-key 's/^ +if test -s .*cat.*then$/      if true; then/'
become
check "without its form: not found unknown" not finds "unknown -"
without '/^ +state=unknown$/d'
check "without the word: not found unknown" not finds "unknown -"

# A file that somebody else puts there, and has not.
inventory 'signing-key-file = "/run/agenix/kalaw-1"'
whole
check "whole, a foreign file: not made" not as_root kalaw test -e /run/agenix
check "whole, a foreign file: finds it missing" finds "missing -"
check "whole, a foreign file: no other noise" not says "No such file"
check "whole, a foreign file: says so" says "is missing: every build here fails"
check "control: it does" not can_build foreign
for line in '/echo .*is missing/d' '/^        missing\)$/,/;;$/d'; do
    without "$line"
    check "without $line: not a word" not says larder:
done
without '/^ +state=missing$/d'
check "without the word: not found missing" not finds missing
without '/lib.optionalString cache.makeSigningKey/s/lib.optionalString .*/lib.optionalString true '"''"'/'
check "without asking whose job it is: made" as_root kalaw test -e /run/agenix

# The key changes: each file is compared with what is trusted under the name of its key.
as_root kalaw cp -a /backup/. /var/lib/larder/
inventory
first=$(signing_key kalaw)
two() { # SECOND [LINE]
    sed -i "s|^signing-key = .*|signing-key = [\"$first\", \"$1\"]|" "$FLEET/larder.toml"
    [ -z "${2:-}" ] || echo "$2" >>"$FLEET/larder.toml"
    whole
}
second() { as_root kalaw cat $FOLDER/kalaw-2.public; }
two pending
check "whole, two keys: the second is made" finds "pending $(second)"
check "whole, two keys: the first is trusted" finds "trusted $first"
check "whole, two keys: says how to go on" says "larder rotate signing-key kalaw '"
for line in 's/^      name=.*/      name=$names/' '/^      number=/d' '/^      known=\(\)$/d'; do
    as_root kalaw sh -c "rm -f $FOLDER/kalaw-2.*"
    without "$line"
    check "without $line: no second key that is pending" not as_root kalaw grep -q "^pending kalaw-2:" /run/larder/signing-key
done
as_root kalaw sh -c "rm -f $FOLDER/kalaw-2.*"
without '/^      "larder rotate signing-key /s/".*"/"larder keys set"/'
check "without that command: another advice" not says "larder rotate signing-key kalaw '"
two "$(second)" "use-new-signing-key = true"
check "whole, the first leaves: finds it leaving" finds "leaving $first"
check "whole, the first leaves: the second is trusted" finds "trusted $(second)"
check "whole, the first leaves: nothing is said" not says larder:
without '/^ +state=leaving$/d'
check "without the word: not found leaving" not finds "leaving $first"
without 's/^ +if \[ .*known\+=.*/        known+=("$key")/'
check "without telling them apart: it differs" finds "differs $first"
