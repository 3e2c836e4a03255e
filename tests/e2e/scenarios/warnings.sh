# shellcheck shell=bash
# The modules say themselves that what they set has been lost, and what is misspelt
# is refused by name and type.
two_hosts
wire

says() { # HOST NIX WORDS
    human "$1" "$2"
    fleet_sync
    build_system "$1" >"$LOG" 2>&1
    check "$1: $3" grep -q "warning: larder: the cache .kalaw. .*$3" "$LOG"
    module=$(module_that "$3")
    take_away "$module" "/^ +\".*$3/{:a;/;\$/!{N;ba};d}"
    build_system "$1" >"$LOG" 2>&1
    check "$1, without that line: evaluates" same $? 0
    check "$1, without that line: not a word" not grep -q "warning: larder: .*$3" "$LOG"
}
module_that() { # WARNS
    basename "$(grep -l "^ *\".*$1" "$FLEET"/larder/{use,serve,logins,tunnel,harmonia}.nix 2>/dev/null)" .nix
}
# Without a part of a condition it is said where it is not so, or not where it is.
amiss() { # HOST NIX MODULE SED yes|no
    human "$1" "$2"
    take_away "$3" "$4"
    build_system "$1" >"$LOG" 2>&1
    check "$1, $2, without $4: $5" same "$(grep -q "warning: larder" "$LOG" && echo yes || echo no)" "$5"
    fleet_sync
}
silent() { # HOST NIX
    human "$1" "$2"
    fleet_sync
    build_system "$1" >"$LOG" 2>&1
    check "$1, nothing to say: $2" not grep -q "warning: larder\|error:" "$LOG"
}
refused() { # HOST NIX WORDS
    human "$1" "$2"
    fleet_sync
    check "$1, refused: $2" not build_system "$1" >"$LOG" 2>&1
    check "$1, refused: $3" grep -q "$3" "$LOG"
}

silent pai '{ nix.settings.substituters = [ "https://example.org" ]; }'
says pai '{ lib, ... }: { nix.settings.substituters = lib.mkForce [ ]; }' "is not asked"
says pai '{ nix.extraOptions = "substituters = https://example.org"; }' "is not asked"
silent pai '{ nix.extraOptions = "extra-substituters = https://example.org"; }'
says pai '{ lib, ... }: { nix.settings.trusted-public-keys = lib.mkForce [ ]; }' "is not trusted"
says pai '{ nix.settings.fallback = false; }' "fails builds while it is off"
says pai '{ lib, ... }: { programs.ssh.extraConfig = lib.mkForce ""; }' "cannot be reached.*ssh settings"
says pai '{ lib, ... }: { programs.ssh.knownHosts = lib.mkForce { }; }' "cannot be reached.*host key"
says pai '{ nix.enable = false; }' "is not used"
says pai '{ nix.extraOptions = "fallback = false"; }' "fails builds while it is off"
silent pai '{ nix.settings.fallback = "true"; }'
silent pai '{ lib, ... }: { nix.settings.fallback = lib.mkForce false; nix.extraOptions = "fallback = true"; }'
says pai '{ nix.extraOptions = "build-fallback = false"; }' "fails builds while it is off"
says pai '{ pkgs, ... }: { nix.package = pkgs.nix // { pname = "lix"; version = "2.93.3"; }; }' "is Lix before 2.94"
silent pai '{ pkgs, ... }: { nix.package = pkgs.nix // { pname = "lix"; version = "2.94.0"; }; }'
amiss pai '{ pkgs, ... }: { nix.package = pkgs.nix // { pname = "lix"; version = "2.94.0"; }; }' use '/^    && !lib.versionAtLeast .*"2.94"/{s/.*/;/}' yes
says pai '{ nix.daemonUser = "nix"; }' "only root may read the SSH host key"
amiss pai '{ nix.daemonUser = "nix"; }' use '/^  daemonUser = /s/=.*/= "root";/' no
silent pai '{ nix.daemonUser = "root"; }'
says pai '{ nix.settings.substitute = false; }' "substitute. is false"
says pai '{ nix.extraOptions = "build-use-substitutes = false # for now"; }' "substitute. is false"
says pai '{ nix.extraOptions = "binary-caches = https://example.org"; }' "is not asked: another"
says pai '{ nix.extraOptions = "  binary-cache-public-keys = a:b"; }' "is not trusted"
for former in build-fallback build-use-substitutes; do
    amiss pai "{ nix.extraOptions = \"$former = false\"; }" warn "/\"$former\"/d" no
done
for former in binary-caches binary-cache-public-keys; do
    amiss pai "{ nix.extraOptions = \"$former = else\"; }" warn "/\"$former\"/d" no
done
amiss pai '{ nix.extraOptions = "substituters = else"; }' warn '/lib.head parts == null then/{N;d}' no
silent pai '{ nix.extraOptions = "extra-binary-caches = https://example.org\n# substituters = a\nfallback-x = false"; }'
silent pai '{ lib, ... }: { nix.settings.build-fallback = false; }'

silent kalaw '{ nix.settings.allowed-users = [ "@wheel" "nix-ssh" ]; }'
says kalaw '{ nix.settings.allowed-users = [ "@wheel" ]; }' "allowed-users"
says kalaw '{ nix.extraOptions = "allowed-users = root @wheel"; }' "allowed-users"
silent kalaw '{ nix.settings.allowed-users = [ "@wheel" ]; nix.settings.trusted-users = [ "nix-ssh" ]; }'
silent kalaw '{ nix.settings.allowed-users = [ "@wheel" ]; nix.extraOptions = "extra-trusted-users = @nix-ssh"; }'
silent kalaw '{ nix.settings.allowed-users = [ "@readers" ]; users.groups.readers.members = [ "nix-ssh" ]; }'
says kalaw '{ lib, ... }: { services.openssh.extraConfig = lib.mkBefore "Match User nix-ssh\n  ForceCommand /bin/true\nMatch all\n"; }' "ForceCommand"
says kalaw '{ services.openssh.extraConfig = "Match User nix-ssh\n  ChrootDirectory /srv\n"; }' "ChrootDirectory"
silent kalaw '{ services.openssh.settings.ChrootDirectory = "none"; }'
says kalaw '{ lib, ... }: { users.users.nix-ssh.shell = lib.mkForce "/usr/sbin/nologin"; }' "the shell of the account"
says kalaw '{ lib, pkgs, ... }: { users.users.nix-ssh.shell = lib.mkForce (pkgs.coreutils // { shellPath = "/bin/false"; }); }' "the shell of the account"
says kalaw '{ services.openssh.settings.MaxSessions = 2; }' "MaxSessions"
says kalaw '{ services.openssh.settings.MaxSessions = "09"; }' "MaxSessions"
silent kalaw '{ services.openssh.settings.MaxSessions = "10"; }'
says kalaw '{ lib, ... }: { services.openssh.enable = lib.mkForce false; }' "services.openssh.enable"
says kalaw '{ lib, ... }: { nix.sshServe.enable = lib.mkForce false; }' "nix.sshServe.enable"
says kalaw '{ lib, ... }: { nix.sshServe.keys = lib.mkForce [ ]; }' "nix.sshServe.keys"
says kalaw '{ lib, ... }: { nix.settings.secret-key-files = lib.mkForce [ ]; }' "does not sign"
says kalaw '{ nix.extraOptions = "secret-key-files = /etc/key"; }' "does not sign"
silent kalaw '{ nix.extraOptions = "secret-key-files = /etc/key /var/lib/larder/kalaw-1.secret"; }'
silent kalaw '{ nix.extraOptions = "extra-secret-key-files = /etc/key"; }'
says kalaw '{ nix.enable = false; }' "nix.enable"

amiss kalaw '{ services.openssh.settings.AllowUsers = [ "bob" ]; }' serve '/^    \/\/ lib.optionalAttrs \(protocol/{:a;/\n    \)$/!{N;ba};d}' no

# The firewall, and where sshd listens.
FIREWALL="the firewall opens no port"
says kalaw '{ services.openssh.openFirewall = false; }' "$FIREWALL"
says kalaw '{ services.openssh.openFirewall = false; networking.firewall.interfaces.eth0.allowedTCPPorts = [ 80 ]; }' "$FIREWALL"
silent kalaw '{ services.openssh.openFirewall = false; networking.firewall.enable = false; }'
silent kalaw '{ services.openssh.openFirewall = false; networking.firewall.interfaces.eth0.allowedTCPPorts = [ 22 ]; }'
silent kalaw '{ services.openssh.openFirewall = false; networking.firewall.allowedTCPPortRanges = [ { from = 20; to = 30; } ]; }'
silent kalaw '{ services.openssh.openFirewall = false; networking.firewall.trustedInterfaces = [ "lo" "wg0" ]; }'
silent kalaw '{ services.openssh.openFirewall = false; networking.firewall.extraCommands = "iptables -A INPUT -j ACCEPT"; }'
silent kalaw '{ services.openssh.openFirewall = false; services.tailscale.enable = true; }'
says kalaw '{ services.openssh.listenAddresses = [ { addr = "127.0.0.1"; port = 22; } { addr = "[::1]"; } ]; }' "listens only on this machine"
silent kalaw '{ services.openssh.listenAddresses = [ { addr = "127.0.0.1"; port = 22; } { addr = "10.0.0.1"; } ]; }'

refused pai '{ nix.sshServ.enable = true; }' "option .nix.sshServ. does not exist"
refused pai '{ nix.settings.substituters = "https://example.org"; }' "not of type"
refused pai '{ programs.ssh.extraConfig = [ ]; }' "not of type"

# What is missing for a login with the SSH host key.
refused pai '{ lib, ... }: { services.openssh.enable = lib.mkForce false; }' "it has none: .services.openssh. is off"
refused pai '{ services.openssh.hostKeys = [ { type = "rsa"; path = "/etc/ssh/ssh_host_rsa_key"; } ]; }' "hostKeys. has no ed25519 key"

# With a key of its own, which a daemon that is not root may read.
inventory "" "identity = { file = \"/etc/nixos-key\", key = \"$(host_key kalaw)\" }"
says pai '{ nix.daemonUser = "nix"; }' "is asked for every path while it is off"
silent pai '{ nix.daemonUser = "root"; }'

# The second engine says the same of what it sets, and nothing of what only the first needs.
inventory "$HARMONIA"
client() { # NIX [VERSION]
    echo "{ lib, pkgs, ... }: { nix.package = pkgs.nix // { version = \"${2:-2.10.0}\"; }; $1 }"
}
silent pai "$(client "")"
says pai "$(client 'nix.settings.substituters = lib.mkForce [ ];')" "is not asked: another"
says pai "$(client 'nix.settings.trusted-public-keys = lib.mkForce [ ];')" "is not trusted"
says pai "$(client 'nix.settings.fallback = false;')" "fallback. is false"
says pai "$(client 'nix.settings.substitute = false;')" "substitute. is false"
says pai "$(client 'nix.enable = false;')" "is not used"
says pai "$(client "" 2.9.2)" "is Nix before 2.10"
amiss pai "$(client "")" tunnel '/^    && !lib.versionAtLeast .*"2.10"/{s/.*/;/}' yes
silent pai '{ pkgs, ... }: { nix.package = pkgs.nix // { pname = "lix"; version = "2.9"; }; }'
amiss pai '{ pkgs, ... }: { nix.package = pkgs.nix // { pname = "lix"; version = "2.9"; }; }' tunnel 's/lib.getName config.nix.package == "nix"/true/' yes
silent kalaw '{ }'
says kalaw '{ lib, ... }: { services.harmonia.cache.enable = lib.mkForce false; }' "harmonia is off"
says kalaw '{ lib, ... }: { services.harmonia.cache.settings.bind = lib.mkForce "[::]:5000"; }' "listens somewhere else"
amiss kalaw '{ services.openssh.settings.AllowUsers = [ "bob" ]; }' harmonia '/^    \/\/ import .\/logins.nix/{:a;/\n    }$/!{N;ba};d}' no
silent kalaw '{ services.openssh.settings.AllowUsers = [ "larder-cache" ]; }'
amiss kalaw '{ services.openssh.settings.AllowUsers = [ "larder-cache" ]; }' serve 's/lib.optionalAttrs \(protocol != null\)/lib.optionalAttrs true/' yes
for line in 's/protocol != null && !config.nix.sshServe.enable/!config.nix.sshServe.enable/' 's/protocol != null && lib.subtractLists/lib.subtractLists/'; do
    amiss kalaw '{ }' serve "$line" yes
done
amiss kalaw '{ nix.settings.allowed-users = [ "@wheel" ]; }' logins '/allowed-users. lacks/{n;s/isNixSsh/true/}' yes
amiss kalaw '{ }' logins 's/isNixSsh && isNoShell/isNoShell/' yes
amiss kalaw '{ services.openssh.settings.ChrootDirectory = "/var/empty"; }' logins '/hides Nix from/{n;s/isNixSsh/true/}' yes
amiss kalaw '{ services.openssh.settings.MaxSessions = 2; }' logins 's/isNixSsh && sessions/sessions/' yes
amiss kalaw '{ services.openssh.settings.ForceCommand = "/bin/false"; }' logins 's/isNixSsh && firstOf/firstOf/' yes
for line in '/^      inherit config lib effective;/d' '/^      cache = import cache;/d' '/^      user = "larder-cache";/d'; do
    take_away harmonia "$line"
    check "without $line: the cache does not evaluate" not build_system kalaw >"$LOG" 2>&1
done
fleet_sync

# What is said of forwarding is true.
human pai '{ }'
fleet_sync
switch kalaw && switch pai || exit 1
answers() { # the cache, at the client's end of the connection
    restart kalaw sshd
    hang_up kalaw
    tries_again pai
    connected pai >/dev/null
    as_root pai timeout 10 bash -c "exec 3<>/dev/tcp/127.0.0.1/$(tunnel_port pai) && printf 'GET /nix-cache-info HTTP/1.0\r\n\r\n' >&3 && grep -q StoreDir <&3"
}
block() { echo "{ lib, ... }: { services.openssh.extraConfig = lib.mkBefore \"Match User $1\n  $2\nMatch all\n\"; }"; }
for keyword in AllowTcpForwarding AllowStreamLocalForwarding; do
    says kalaw "$(block larder-cache "$keyword no")" "forwards nothing"
    fleet_sync
    switch kalaw || exit 1
    check "$keyword: the cache does not answer" not answers
    silent kalaw "$(block larder-cache "$keyword yes")"
    switch kalaw || exit 1
    check "$keyword, whole: it answers" answers
done
