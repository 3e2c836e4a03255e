# shellcheck shell=bash
# Each line of a client's tunnel is needed: what it means for Nix, for systemd, and which key
# it logs in with.
two_hosts
COUNT=3
wire "$HARMONIA"
# shellcheck source=SCRIPTDIR/../lib/tunnel-lines.sh
. "$E2E/lib/tunnel-lines.sh"
# What becomes of it in Nix.
whole
check "whole: connected" connected pai
without '/^    substituters = /d'
check "without the substituter: nothing is fetched" not fetches substituter
without '/^    trusted-public-keys = /d'
connected pai
check "without the key: nothing is fetched" not fetches untrusted
# (Nix from 2.10 to 2.31 needs it for http as well.)
falls_back() { as_root pai grep -q "^fallback = true" /etc/nix/nix.conf; }
check "whole: it falls back" falls_back
without '/^    fallback = /d'
check "without fallback: it does not" not falls_back
without 's/priority=\$\{toString priority\}/x=1/'
check "without the priority: it is not the inventory's" not as_root pai grep -q "127.0.0.1:[0-9]*?priority=30" /etc/nix/nix.conf
without '/^    wantedBy = /d'
check "without wantedBy: nobody starts it" not is_connected pai
without '/^      LoadCredential = /d'
check "without LoadCredential: no connection" fails
whole

# It runs as nobody, and may do little. (What systemd makes of each is systemd's.)
unit() { # ATTRIBUTE
    as_root pai nix eval --no-write-lock-file --override-input nixpkgs path:/e2e/nixos --json \
        "git+file:///fleet#nixosConfigurations.pai.config.systemd.services.larder-tunnel-kalaw.$1" >"$LOG" 2>&1
}
settings() { sed -nE '/serviceConfig = \{/,/^    \};/s/^      ([A-Z][A-Za-z]+) = .*/\1/p' "$FLEET/larder/tunnel.nix"; }
fleet_sync
unit serviceConfig
for setting in $(settings); do check "whole: $setting" grep -q "\"$setting\":" "$LOG"; done
for setting in $(settings); do
    take_away tunnel "/^      $setting = /d"
    unit serviceConfig
    check "without $setting: it is not there" not grep -q "\"$setting\":" "$LOG"
done
take_away tunnel '/^    description = /d'
unit description
check "without its description: it has none" not grep -q "connection to the cache" "$LOG"
ssh_user() { as_root pai sh -c 'ps -o user= -C ssh | head -n 1'; }
whole
connected pai
check "whole: ssh is not root's" not same "$(ssh_user)" root

# The key: what is missing is said, and then nobody logs in.
human pai '{ lib, ... }: { services.openssh.enable = lib.mkForce false; }'
fleet_sync
evaluates() { build_system pai >"$LOG" 2>&1; }
check "whole, no host key: it does not evaluate" not evaluates
take_away tunnel '/^  inherit \(login\) assertions;/d'
check "without the assertion: it does" evaluates
human pai '{ }'
inventory "$HARMONIA" "identity = { file = \"sops:login\", key = \"$(host_key pai)\" }"
check "whole, a secret that nothing declares: it evaluates" evaluates
says_so() { grep -q "is not asked: nothing declares the secret" "$LOG"; }
check "whole, a secret that nothing declares: that is said" says_so
asks() { as_root pai nix eval --raw --no-write-lock-file --override-input nixpkgs path:/e2e/nixos "git+file:///fleet#nixosConfigurations.pai.config.nix.settings.substituters" --apply toString 2>/dev/null | grep -q 127.0.0.1; }
check "whole, a secret that nothing declares: not asked" not asks
take_away tunnel 's/^    login.trouble$/    { }/'
evaluates
check "without the trouble: not a word" not says_so
take_away tunnel 's/lib.optional login.isPossible url/[ url ]/'
check "without asking for a key: asked" asks

pins() {
    as_root pai nix eval --raw --no-write-lock-file --override-input nixpkgs path:/e2e/nixos --apply 'etc: toString (builtins.attrNames etc)' \
        "git+file:///fleet#nixosConfigurations.pai.config.environment.etc" 2>/dev/null | grep -q "larder-kalaw.known_hosts"
}
fleet_sync
check "whole: the host key is pinned" pins
take_away tunnel '/^  environment.etc/d'
check "without that: it is not" not pins

# What else it is made of: nothing of it can be missing.
inventory "$HARMONIA"
check "whole: it evaluates" evaluates
for line in '/^  alias = /d' '/^  knownHosts = /d' '/^  listen = /d' '/^  url =/d' '/^  pause = /d' \
    '/^  sshConfig = /,/^  \x27\x27;/d' '/^    identityFile = /d' '/^    cache = import cache /d'; do
    take_away tunnel "$line"
    check "without $line: it does not" not evaluates
done
for name in name address port proxyJump priority identity hostKeys signingKeys tunnelPort; do
    take_away tunnel "/^  inherit \(import cache/,/^    ;/{/^    $name\$/d}"
    check "without $name: it does not" not evaluates
done
for name in config lib name identity; do
    take_away tunnel "/ login = import/,/^  };/{/^ +$name\$/d}"
    check "without the login's $name: it does not" not evaluates
done
for name in config lib pkgs; do
    take_away tunnel "/ connect = import/,/^  };/{/^ +$name\$/d}"
    check "without the connector's $name: it does not" not evaluates
done
for name in warnings effective; do
    take_away tunnel "/^  inherit \(import .\/warn.nix/s/ $name//"
    check "without $name: it does not" not evaluates
done
