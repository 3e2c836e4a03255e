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
    case $1 in kalaw) module=serve ;; pai) module=use ;; esac
    take_away $module "/^    \".*$3/{:a;/;\$/!{N;ba};d}"
    build_system "$1" >"$LOG" 2>&1
    check "$1, without that line: evaluates" same $? 0
    check "$1, without that line: not a word" not grep -q "warning: larder: .*$3" "$LOG"
}
# Without a part of a condition it is said where it is not so, or not where it is.
amiss() { # HOST NIX SED yes|no
    human "$1" "$2"
    case $1 in kalaw) module=serve ;; pai) module=use ;; esac
    take_away $module "$3"
    build_system "$1" >"$LOG" 2>&1
    check "$1, $2, without $3: $4" same "$(grep -q "warning: larder" "$LOG" && echo yes || echo no)" "$4"
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
says pai '{ lib, ... }: { programs.ssh.extraConfig = lib.mkForce ""; }' "cannot be reached"
says pai '{ lib, ... }: { programs.ssh.knownHosts = lib.mkForce { }; }' "cannot be reached"
says pai '{ nix.enable = false; }' "is not used"
says pai '{ nix.extraOptions = "fallback = false"; }' "fails builds while it is off"
silent pai '{ nix.settings.fallback = "true"; }'
amiss pai '{ }' '/^ +true$/d' yes
amiss pai '{ nix.settings.fallback = "true"; }' '/^ +"true"$/d' yes
amiss pai '{ nix.settings.fallback = false; }' '/\|\| !lib.elem .*fallback/{:a;/;$/!{N;ba};s/.*/;/}' no

silent kalaw '{ services.openssh.settings.AllowUsers = [ "bob" "nix-ssh" ]; }'
silent kalaw '{ services.openssh.settings.AllowUsers = [ "nix-*" ]; }'
says kalaw '{ services.openssh.settings.AllowUsers = [ "bob" ]; }' "AllowUsers"
says kalaw '{ services.openssh.settings.AllowGroups = [ "wheel" ]; }' "AllowGroups"
says kalaw '{ services.openssh.settings.MaxSessions = 2; }' "MaxSessions"
says kalaw '{ lib, ... }: { services.openssh.enable = lib.mkForce false; }' "services.openssh.enable"
says kalaw '{ lib, ... }: { nix.sshServe.enable = lib.mkForce false; }' "nix.sshServe.enable"
says kalaw '{ lib, ... }: { nix.sshServe.keys = lib.mkForce [ ]; }' "nix.sshServe.keys"
says kalaw '{ nix.settings.allowed-users = [ "@wheel" ]; }' "allowed-users"
silent kalaw '{ nix.settings.allowed-users = [ "@wheel" "nix-ssh" ]; }'
says kalaw '{ lib, ... }: { nix.settings.secret-key-files = lib.mkForce [ ]; }' "does not sign"
says kalaw '{ nix.extraOptions = "secret-key-files = /etc/key"; }' "does not sign"
says kalaw '{ nix.enable = false; }' "nix.enable"
amiss kalaw '{ lib, ... }: { nix.settings.secret-key-files = lib.mkForce [ ]; }' 's/\|\| lib.subtractLists \(lib.toList nix.secret.*/;/' no

refused pai '{ nix.sshServ.enable = true; }' "option .nix.sshServ. does not exist"
refused pai '{ nix.settings.substituters = "https://example.org"; }' "not of type"
refused pai '{ programs.ssh.extraConfig = [ ]; }' "not of type"
