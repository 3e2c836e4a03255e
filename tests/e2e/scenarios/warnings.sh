# shellcheck shell=bash
# The modules say themselves that what they set has been lost, and what is misspelt
# is refused by name and type.
two_hosts
wire

says() { # HOST NIX WORDS
    human "$1" "$2"
    build_system "$1" >"$LOG" 2>&1
    check "$1: $3" grep -q "warning: larder: the cache .kalaw. .*$3" "$LOG"
}
silent() { # HOST NIX
    human "$1" "$2"
    build_system "$1" >"$LOG" 2>&1
    check "$1, nothing to say: $2" not grep -q "warning: larder\|error:" "$LOG"
}
refused() { # HOST NIX WORDS
    human "$1" "$2"
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

refused pai '{ nix.sshServ.enable = true; }' "option .nix.sshServ. does not exist"
refused pai '{ nix.settings.substituters = "https://example.org"; }' "not of type"
refused pai '{ programs.ssh.extraConfig = [ ]; }' "not of type"
