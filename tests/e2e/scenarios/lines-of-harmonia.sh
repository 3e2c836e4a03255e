# shellcheck shell=bash
# Each line of the module that serves by harmonia is needed, in each form of its options.
two_hosts
COUNT=3
# Nothing else turns its sshd on.
sed -i '/services.openssh.enable/d' "$FLEET/configuration-kalaw.nix"
fleet_commit "no sshd of its own"
wire "$HARMONIA"
form() { echo "\"$1\"" >"$BOX/e2e/nixos/harmonia-form.nix"; }
# Nothing that a build has been signed with before: only harmonia signs.
fetches() { # TAG
    restart kalaw sshd
    hang_up kalaw
    tries_again pai
    connected pai >/dev/null
    # shellcheck disable=SC2046
    as_root kalaw nix-build --option secret-key-files "" $(closure "$1") >/dev/null 2>&1
    builds pai alice "$1"
    [ "$STATUS $COPIED" = "0 $COUNT" ]
}
become() {
    as_root kalaw sh -c 'rm -rf /etc/ssh/authorized_keys.d /etc/ssh/sshd_config /etc/harmonia.toml'
    switch kalaw >"$LOG" 2>&1
}
whole() {
    fleet_sync
    become || exit 1
}
for one in one-key flat moved; do
    form $one
    whole
    check "whole, $one: every path is fetched" fetches "whole-$one"
done
without() { # WHAT TAG SED [MODULE]
    take_away "${4:-harmonia}" "$3"
    check "without $1: nothing is fetched" not works "$2"
}
works() { # TAG
    become && as_root kalaw test -e /etc/ssh/sshd_config && fetches "$1"
}
without "harmonia" off '/^    enable = true;/{/^    enable/{x;s/^/x/;/^x$/{x;d};x}}'
without "all of it" all '/^  services.harmonia = /d'
without "its address" bind '/^    settings.bind = /d'
without "its keys" keys 's/signKeyPaths = keyFiles/signKeyPaths = [ ]/'
without "the user" user '/^  users.users.larder-cache = /,/^  };/d'
without "the keys of clients" logins '/^    openssh.authorizedKeys.keys = /d'
without "sshd" sshd '/^  services.openssh = /,/^  };/{/^    enable = true;/d}'
for line in '/^    isSystemUser = /d'  '/^    group = /d' '/^  users.groups.larder-cache = /d'; do
    take_away harmonia "$line"
    check "without $line: it does not evaluate" not build_system kalaw >"$LOG" 2>&1
done
fleet_sync
form flat
without "asking for the form" asked 's/^  isMoved = .*/  isMoved = true;/'
form one-key
without "asking for a list" listed 's/^  hasList = .*/  hasList = true;/'
form moved

# Where sshd forwards nothing for others.
for no in 'DisableForwarding = true' 'AllowTcpForwarding = false' 'AllowStreamLocalForwarding = "no"'; do
    keyword=${no%% *}
    human kalaw "{ services.openssh.settings.$no; }"
    whole
    check "whole, $no: every path is fetched" fetches "whole-$keyword"
    without "$keyword" "without-$keyword" "/^        $keyword /d"
done
human kalaw '{ services.openssh.extraConfig = "PermitRootLogin no\n"; }'
whole
sshd_says() { as_root kalaw sshd -T 2>/dev/null | grep -qix "$1"; }
check "whole: what comes after the block is for all" fetches after
human kalaw '{ }'
take_away harmonia '/^      Match all$/d'
human kalaw '{ lib, ... }: { services.openssh.extraConfig = lib.mkOrder 2000 "ClientAliveInterval 7\n"; }'
become
check "without its end: what comes after it is for this user only" not sshd_says "clientaliveinterval 7"
whole
check "whole: it is for all" sshd_says "clientaliveinterval 7"
human kalaw '{ }'

# Harmonia starts when its key is there.
starts_after() { as_root kalaw grep -q "After=larder-signing-key.service" /etc/systemd/system/harmonia.service; }
whole
check "whole: harmonia starts after its key is made" starts_after
take_away harmonia '/^  systemd.services.harmonia.after/d'
become
check "without that: it does not" not starts_after

# What it is made of: nothing of it can be missing.
evaluates() { build_system kalaw >"$LOG" 2>&1; }
fleet_sync
for line in '/^  socket = /d' '/^  keyFiles = /d' '/^  harmonia = /d' '/^  lineOf =/,/;$/d' 's/^  inherit \(import cache\) name/  inherit (import cache)/' \
    's/^  inherit \(import cache\) name clients/  inherit (import cache) name/' 's/ warnings effective;$/ effective;/' 's/ warnings effective;$/ warnings;/'; do
    take_away harmonia "$line"
    check "without $line: it does not evaluate" not evaluates
done
described() { as_root kalaw nix eval --raw --no-write-lock-file --override-input nixpkgs path:/e2e/nixos "git+file:///fleet#nixosConfigurations.kalaw.config.users.users.larder-cache.description" 2>/dev/null | grep -q harmonia; }
fleet_sync
check "whole: its user is described" described
take_away harmonia '/^    description = /d'
check "without the description: it is not" not described
