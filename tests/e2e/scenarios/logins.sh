# shellcheck shell=bash
# The warnings about logins are true: where one is shown, the real sshd refuses the client,
# and where it does, one is shown. (Or the client refuses the host.)
two_hosts
wire

NOT_LET_IN="warning: larder: .*(refuses clients|is taken for another machine)"
logs_in() {
    local before
    restart kalaw sshd
    forget pai
    before=$(logins kalaw)
    as_root pai timeout 20 ssh nix-ssh@kalaw.fritz.box true >/dev/null 2>&1 </dev/null
    [ "$(logins kalaw)" -gt "$before" ]
}
sshd() { # refuses|admits NIX [SED]; without a part of the module it warns wrongly
    local word
    human kalaw "$2"
    fleet_sync
    build_system kalaw >"$LOG" 2>&1 || { cat "$LOG"; exit 1; }
    word=$(grep -qE "$NOT_LET_IN" "$LOG" && echo refuses || echo admits)
    check "$2: the module: $1" same "$word" "$1"
    activate kalaw
    check "$2: sshd: $1" same "$(logs_in && echo admits || echo refuses)" "$1"
    for sed in "${@:3}"; do
        take_away logins "$sed"
        build_system kalaw >"$LOG" 2>&1
        word=$(grep -qE "$NOT_LET_IN" "$LOG" && echo refuses || echo admits)
        check "$2, without $sed: wrong" [ "$word" != "$1" ]
    done
}
setting() { sshd "$1" "{ services.openssh.settings.$2; }" "${@:3}"; }
text() { sshd "$1" "{ services.openssh.extraConfig = \"$2\\n\"; }" "${@:3}"; }

sshd admits '{ }' 's/keywordOf line == keyword/head line == keyword/'
# Lists of users and groups.
setting refuses 'AllowUsers = [ "bob" ]' '/AllowUsers lacks/d'
setting admits 'AllowUsers = [ "bob" "nix-ssh" ]' 's/any \(entry: isOneOf names \(userOf entry\)\) list/false/'
setting admits 'AllowUsers = [ "nix-*" ]' 's/\[ "\\\\\*" "\\\\\?" \] \[ "\.\*" "\." \]/[ ] [ ]/'
setting admits 'AllowUsers = [ "nix-ss?" ]'
setting refuses 'AllowUsers = [ "nix.ssh" "nix-ss" ]' 's/\(lib.escapeRegex pattern\)/pattern/'
setting refuses 'AllowUsers = [ "root@*" ]'
setting admits 'AllowUsers = [ "nix-ssh@10.0.0.0/8" ]' 's/userOf = entry: .*/userOf = entry: entry;/'
text refuses 'AllowUsers bob'
text admits '# AllowUsers bob'
text refuses 'AllowUsers bob # nix-ssh' '/^  withoutComment = /s/=.*/= line: line;/'
text admits 'AllowUsers \"nix-ssh\"'
text refuses '\tallowusers=bob' '/^  plain = /s/=.*/= text: text;/'
setting refuses 'AllowGroups = [ "wheel" ]' '/AllowGroups lacks/d'
setting admits 'AllowGroups = [ "nix-ssh" ]' '/^    \(account.group or user\)$/d'
sshd admits '{ services.openssh.settings.AllowGroups = [ "readers" ]; users.users.nix-ssh.extraGroups = [ "readers" ]; }' '/account.extraGroups/d'
sshd admits '{ services.openssh.settings.AllowGroups = [ "readers" ]; users.groups.readers.members = [ "nix-ssh" ]; }' '/isMember config.users.groups/d; s/\+\+ account.extraGroups or \[ \]$/\0;/'
setting refuses 'DenyUsers = [ "nix-ssh" ]' '/DenyUsers has/d'
setting refuses 'DenyUsers = [ "nix-ssh@*" ]' 's/ \|\| lib.hasSuffix "@\*" entry//'
setting admits 'DenyUsers = [ "nix-ssh@192.168.0.0/16" ]' 's/ \&\& isEverywhere entry//'
setting admits 'DenyUsers = [ "bob" ]'
setting refuses 'DenyGroups = [ "nix-*" ]' '/DenyGroups has/d'
# How keys are taken.
setting refuses 'AuthenticationMethods = "publickey,keyboard-interactive"' '/AuthenticationMethods want/{:a;/;$/!{N;ba};d}'
setting admits 'AuthenticationMethods = "publickey,password publickey"' 's/list == "any" \|\| list == "publickey"/list == "any"/'
setting admits 'AuthenticationMethods = "any"' 's/list == "any" \|\| list == "publickey"/list == "publickey"/' '/^    && !any \(list: list == "any"/{s/.*/;/;}'
setting refuses 'PubkeyAuthentication = false' '/PubkeyAuthentication is off/d' 's/then "yes" else "no"/then "yes" else "off"/'
setting refuses 'PubkeyAuthentication = "no"'
setting refuses 'UsePAM = false' '/UsePAM is off/{N;d}' 's/then !hasPassword else/then false else/'
setting refuses 'UsePAM = null' 's/firstOf "usepam" != \[ "yes" \]/firstOf "usepam" == [ "no" ]/'
sshd admits '{ services.openssh.settings.UsePAM = false; users.users.nix-ssh.hashedPassword = "*"; }' '/^  hash = /s/=.*/= null;/'
setting refuses 'PubkeyAcceptedAlgorithms = "rsa-sha2-512"' '/PubkeyAcceptedAlgorithms lack/{:a;/;$/!{N;ba};d}'
setting refuses 'PubkeyAcceptedAlgorithms = "-ssh-ed*"' '/^      isTaken = /s/=.*/= false;/' 's/\(removePrefix "-" algorithms\)/algorithms/'
setting admits 'PubkeyAcceptedAlgorithms = "+ssh-rsa"' 's/ && !isAdded//' '/^      isAdded = /s/=.*/= false;/'
setting admits 'PubkeyAcceptedAlgorithms = "ssh-ed25519,rsa-sha2-512"' 's/ && isTaken == hasEd25519//' '/^      hasEd25519 = /s/=.*/= false;/'
setting refuses 'PubkeyAcceptedKeyTypes = "rsa-sha2-512"' '/^  formerNames\./s/=.*/= "";/' '/^      algorithms = /s/=.*/= "";/'
setting refuses 'HostKeyAlgorithms = "rsa-sha2-512"' '/HostKeyAlgorithms lack/{:a;/;$/!{N;ba};d}'
setting admits 'HostKeyAlgorithms = "rsa-sha2-512,ssh-ed25519"' 's/^    lacksEd25519 "hostkeyalgorithms" \&\& /    /'
sshd refuses '{ lib, ... }: { services.openssh.authorizedKeysFiles = lib.mkForce [ "%h/.ssh/authorized_keys" ]; }' '/AuthorizedKeysFile lacks/{:a;/;$/!{N;ba};d}'
sshd admits '{ lib, ... }: { services.openssh.authorizedKeysFiles = lib.mkForce [ "/etc/ssh/authorized_keys.d/nix-ssh" ]; }' '/^    && !elem ".etc.ssh/{s/.*/;/;}'
setting refuses 'AuthorizedKeysFile = ".ssh/keys"'
# Blocks.
text admits 'Match User bob\n  PubkeyAuthentication no' 's/^    if toLower \(head line\) == "match" then/    if false then/'
text refuses 'Match all\n  PubkeyAuthentication no'
text refuses 'Match Group nix-ssh\n  PubkeyAuthentication no' '/^ +isInList groups list$/s/isInList.*/false/'
text admits 'Match User *,!nix-ssh\n  PubkeyAuthentication no' 's/ \&\& !any \(isOneOf names\) excluded//'
# (sshd has known this word since 9.9.)
[ "$SERVER" = bookworm ] ||
    text refuses 'Match User bob,nix-*\n  RefuseConnection yes' '/RefuseConnection is on/d'
text refuses 'Match User bob,nix-*\n  PubkeyAuthentication no' 's/patterns = splitString "," list/patterns = [ list ]/'
sshd admits '{ services.openssh.settings.PubkeyAuthentication = false; services.openssh.extraConfig = "Match User nix-ssh\n  PubkeyAuthentication yes\n"; }' \
    '/^    else if linesOf keyword "always" != /{N;d}'
sshd admits '{ services.openssh.settings.PubkeyAuthentication = false; services.openssh.extraConfig = "Match Address 10.0.0.0/8\n  PubkeyAuthentication yes\n"; }' \
    '/^    if linesOf keyword "sometimes" != /{N;N;s/.*\n.*\n +else //}'
text admits 'Match User nix-ssh Address 192.168.1.1\n  PubkeyAuthentication no' 's/others = matches .*/others = "always";/' '/others == "sometimes" then/{N;d}'
text admits 'Match Address 192.168.1.1 User bob\n  PubkeyAuthentication no\nPubkeyAuthentication no'
sshd refuses '{ services.openssh.settings.PubkeyAuthentication = false; services.openssh.extraConfig = "Match Address 10.0.0.0/8 User bob\n  PubkeyAuthentication yes\n"; }' \
    '/own == false/{N;d}'

# Each definition is used.
sshd admits '{ }'
evaluates() { build_system kalaw >"$LOG" 2>&1; }
for name in $(sed -nE 's/^  ([a-zA-Z0-9]+) =.*/\1/p' "$FLEET/larder/logins.nix"); do
    take_away logins "/^  $name =/{:a;/;\$/!{N;ba};d}"
    check "without $name: it does not evaluate" not evaluates
done
