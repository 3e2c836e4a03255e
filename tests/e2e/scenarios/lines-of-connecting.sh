# shellcheck shell=bash
# What a client hands to the script that connects is needed: without it the host does not
# evaluate, or it has another cache's name.
two_hosts
wire
check "whole: it evaluates" build_system pai >"$LOG" 2>&1
for name in config lib pkgs; do
    take_away use "/ connect = import/,/^  };/{/^ +$name\$/d}"
    check "without $name: it does not" not build_system pai >"$LOG" 2>&1
done
for line in '/^    identityFile = /d' '/ connect = import/,/^  };/{/^ +inherit$/,/^ +;$/d}' '/^ +cache = import cache /d'; do
    take_away use "$line"
    check "without $line: it does not" not build_system pai >"$LOG" 2>&1
done
for name in config lib name identity; do
    take_away use "/ login = import/,/^  };/{/^ +$name\$/d}"
    check "without the login's $name: it does not" not build_system pai >"$LOG" 2>&1
done
for line in '/^  inherit isPossible;/d' '/^  inherit \(secret\) trouble isShared;/d' '/^    inherit config lib;/d'; do
    take_away login-key "$line"
    check "without $line: it does not" not build_system pai >"$LOG" 2>&1
done
take_away connect '/^  pause [?] 60,/d'
check "without a pause: it does not" not build_system pai >"$LOG" 2>&1
