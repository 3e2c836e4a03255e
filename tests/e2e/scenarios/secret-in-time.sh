# shellcheck shell=bash
# A build never fails because a secret is not there yet: not by root in the middle of the
# first switch, and not by the daemon that the switch restarts. sops-nix places its secrets
# after /etc unless told otherwise, or by a unit where systemd makes the users.
two_hosts
wire
mkdir -p "$BOX/e2e/secrets"
cp "$(root_of kalaw)/var/lib/larder/kalaw-1.secret" "$BOX/e2e/secrets/key"

# Root builds as soon as nix.conf is in place.
# shellcheck disable=SC2016
BUILDS='system.activationScripts.a-build = {
  deps = [ "etc" ];
  text = "${config.nix.package}/bin/nix-build /e2e/closure.nix --argstr tag TAG --argstr count 1 --no-out-link --option substitute false";
};'
number=0
in_the_switch() { # MORE
    MORE=$1
    become
}
become() {
    human kalaw "{ config, ... }: { $MORE ${BUILDS/TAG/switch-$((++number))} }"
    as_root kalaw rm -rf /run/secrets /run/agenix
    build_system kalaw --option secret-key-files "" >"$LOG" 2>&1 || { cat "$LOG"; exit 1; }
    activate kalaw
    as_root kalaw cat /etc/nix/nix.conf >"$BOX/nix.conf"
}
without() { # SED
    take_away serve "$1"
    become
}
builds_well() { not grep -q "snippet 'a-build' failed" "$BOX/kalaw.activate.log"; }
is_named() { grep -q "^secret-key-files = /run" "$BOX/nix.conf"; }

SOPS='sops.secrets.key.sopsFile = "/e2e/secrets/key";'
inventory 'signing-key-file = "sops:key"'
fleet_sync
in_the_switch "$SOPS"
check "sops-nix: named" is_named
check "sops-nix: root builds in the middle of the switch" builds_well
for line in '/^  system.activationScripts.etc.deps = /d' 's/^(  areFirst = ).*/\1false;/'; do
    without "$line"
    check "without $line: named" is_named
    check "without $line: root's build fails" not builds_well
done


# What places the secrets may need /etc itself, by another snippet too.
evaluates() { build_system kalaw --option secret-key-files "" >"$LOG" 2>&1; }
needing() { # DEPS
    in_the_switch "$SOPS system.activationScripts = { setupSecrets.deps = $1; other = { text = \"\"; deps = [ \"etc\" ]; }; };"
}
for deps in '[ "etc" ]' '[ "other" ]'; do
    needing "$deps"
    check "needs $deps: named" is_named
    check "needs $deps: the key is found" grep -q "^trusted " "$(root_of kalaw)/run/larder/signing-key"
done
for line in 's/ && !lib.any \(one: one.key == "etc"\) neededForSecrets//' 's/map \(key: \{ inherit key; \}\).*/[ ];/' \
    's/\(if one.key == "etc" then \[ \] else (.*)\);/(\1);/' 's/key = "setupSecrets"/key = "specialfs"/'; do
    take_away serve "$line"
    check "without $line: a circle" not evaluates
done

# Without any snippet of that name, and with a key that is made here.
human kalaw '{ }'
inventory 'signing-key-file = "/run/secrets/key"'
check "no such snippet: evaluates" evaluates
take_away serve 's/snippets \? setupSecrets && //'
check "without asking for it: does not" not evaluates
inventory
human kalaw "{ $SOPS }"
check "a key that is made here: evaluates" evaluates

# By a unit.
unit() { # NAME
    echo "{ systemd.services.$1 = {
      serviceConfig.Type = \"oneshot\";
      unitConfig.DefaultDependencies = false;
      wantedBy = [ \"sysinit.target\" ];
      script = \"mkdir -p /run/secrets; /usr/bin/cp /e2e/secrets/key /run/secrets/key\";
    }; }"
}
builds_by_daemon() { # TAG
    as_root kalaw env NIX_REMOTE=daemon nix-build /e2e/closure.nix --argstr tag "$1" --argstr count 1 --no-out-link >"$LOG" 2>&1
}
start_daemon() { # at a switch: before other units are started
    build_system kalaw --option secret-key-files "" >"$LOG" 2>&1
    as_root kalaw "$SYSTEM" >"$LOG" 2>&1
    as_root kalaw "$SYSTEM" nix-daemon >>"$LOG" 2>&1
    restart kalaw nix-daemon
}
for tool in agenix-install pass-install sops-install; do
    human kalaw "$(unit "$tool-secrets")"
    inventory 'signing-key-file = "/run/secrets/key"'
    as_root kalaw rm -rf /run/secrets
    start_daemon
    check "$tool: the daemon builds as soon as it runs" builds_by_daemon "$tool"
    for line in "/$tool-secrets/d" '/^  wants = /d'; do
        as_root kalaw rm -rf /run/secrets
        take_away key-unit "$line"
        start_daemon
        check "without $line: the daemon's build fails" not builds_by_daemon "no-$tool-$((++number))"
    done
done
