# shellcheck shell=bash
# How much of a host's closure its caches have, and what would be built and why.
two_hosts
wire
doctor_ready
sed -i 's|github:NixOS/nixpkgs/nixos-23.11|path:/e2e/nixos|' "$FLEET/flake.nix"
# What a system is made of, here: one path of each kind.
cat >"$FLEET/closure.nix" <<'NIX'
let
  drv =
    name: more:
    derivation (
      {
        inherit name;
        system = "x86_64-linux";
        builder = "/bin/sh";
        args = [
          "-c"
          "echo ${name} >$out"
        ];
      }
      // more
    );
in
rec {
  there = drv "kind-there" { };
  signed = drv "kind-signed" { };
  unsigned = drv "kind-unsigned" { };
  local = drv "kind-local" { allowSubstitutes = false; };
  never = drv "kind-never" { };
  other = drv "kind-other" { version = "1"; };
  otherThere = drv "kind-other" { version = "2"; };
  foreign = drv "kind-foreign" { system = "armv7l-linux"; };
  top = drv "kind-top" {
    inherit
      there
      signed
      unsigned
      local
      never
      other
      foreign
      ;
  };
}
NIX
sed -i 's|nixosConfigurations = {|&\n        pai.config.system.build.toplevel = (import ./closure.nix).top;|' "$FLEET/flake.nix"
sed -i '/^ *pai = host/d' "$FLEET/flake.nix"
fleet_commit "what a system is made of"
of() { # HOST KIND: built there
    as_root "$1" nix-build /fleet/closure.nix -A "$2" --no-out-link 2>/dev/null
}
closure() { # [ARGUMENT...]
    as_root pai /e2e/larder -C /fleet --json doctor --closure pai "$@" >"$BOX/doctor.json" 2>"$BOX/doctor.err" </dev/null
    STATUS=$?
    cat "$BOX/doctor.json" "$BOX/doctor.err" >>"$BOX/doctor.all"
    { cat "$BOX/doctor.json"; tail -n 5 "$BOX/doctor.err"; } >"$LOG"
}
told() { # what the report says: the counts, then NAME REASON of each that is built
    python3 - "$BOX/doctor.json" <<'PYTHON'
import json, sys
report = json.load(open(sys.argv[1]))
print(*report["paths"].values(), *(f'{it["has"]}/{it["of"]}' for it in report["stores"]))
print(*sorted(it["path"].split("-", 1)[1] + " " + it["reason"] for it in report["built"]), sep="\n")
PYTHON
}
of pai there >/dev/null
for kind in signed local otherThere; do of kalaw $kind >/dev/null; done
# Built before there was a key to sign with.
as_root kalaw cat /etc/nix/nix.conf >"$BOX/nix.conf"
mv "$(root_of kalaw)/etc/nix/nix.conf" "$(root_of kalaw)/etc/nix/kept"
sed '/^secret-key-files/d' "$BOX/nix.conf" >"$(root_of kalaw)/etc/nix/nix.conf"
restart kalaw nix-daemon
of kalaw unsigned >/dev/null
mv -f "$(root_of kalaw)/etc/nix/kept" "$(root_of kalaw)/etc/nix/nix.conf"
restart kalaw nix-daemon

# The half of the cache is asked as the administrator; the fleet has its name and address.
sed -i 's/^Host admin.kalaw/Host admin.kalaw kalaw.fritz.box/; s/BindAddress.*/&\n  HostKeyAlias admin.kalaw/' "$(root_of pai)/root/.ssh/config"
closure
check "it could all be asked" same "$STATUS" 0
check "each for its own reason" same "$(told)" "8 1 1 6 3/7 0/7
kind-foreign other-system
kind-local not-allowed
kind-never never-built
kind-other other-derivation
kind-top never-built
kind-unsigned unsigned"
check "nothing was built or fetched" not as_root pai sh -c 'ls -d /nix/store/*-kind-signed /nix/store/*-kind-never 2>/dev/null'
closure --no-server
check "without the cache's half: no cache has it" same "$(told | grep -c ' absent$')" 4
as_root pai /e2e/larder -C /fleet doctor --closure pai >"$LOG" 2>&1
check "for people" grep -q '^pai: 8 paths: 1 are there, 1 come from caches, 6 are built$' "$LOG"

# A cache that is off hides what it has, and that is said.
stop kalaw sshd
forget pai
closure --no-server
check "a cache that is off: not all could be asked" same "$STATUS" 2
check "and why" grep -q '"error": "error: ' "$LOG"
start kalaw sshd
as_root pai /e2e/larder -C /fleet doctor --closure tak >"$LOG" 2>&1 && STATUS=0 || STATUS=$?
check "an unknown host" same "$STATUS" 1
no_secret_is_left
