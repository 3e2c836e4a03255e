# shellcheck shell=bash
# Hosts that share one import get their roles by their names. A machine with another name is
# told that it has none, and one of nix-darwin that has the file too still evaluates.
two_hosts
echo '{ }' >"$FLEET/common.nix"
for host in kalaw pai; do
    echo '{ imports = [ ../common.nix ]; }' >"$FLEET/human/$host.nix"
done
fleet_commit "a file that both have"
inventory_of_all() {
    inventory() {
        cat >"$FLEET/larder.toml" <<TOML
version = 1
import = "common.nix"

[hosts.kalaw]
address = "kalaw.fritz.box"
host-key = "$(host_key kalaw)"

[hosts.pai]
host-key = "$(host_key pai)"
${2:-}

[caches.kalaw]
clients = ["pai"]
lan = true
signing-key = "$(signing_key kalaw)"
TOML
        fleet_sync
    }
}
inventory_of_all
wire
has_built kalaw whole
builds pai alice whole
check "whole: every path is fetched" all_copied
warned() { build_system pai >"$LOG" 2>&1; grep -q "no host in larder.toml is named .*: it has no role in the fleet" "$LOG"; }
check "whole: nothing is said" not warned

# The name is another one, or that of a host without a role.
rename() { sed -i "s/networking.hostName = \".*\"/networking.hostName = \"$1\"/" "$FLEET/configuration-pai.nix"; }
rename desktop
fleet_commit "another name"
check "another name: it is said" warned
take_away fleet 's/!hosts \? .*name others/false/'
check "without the warning: nothing is said" not warned
rename pai
fleet_commit "its own name"

# A machine of nix-darwin that has the file as well.
sed -i 's|^      nixosConfigurations = {|      darwin.mac = nixpkgs.lib.nixosSystem {\n        darwin = true;\n        system = "x86_64-linux";\n        modules = [ ./common.nix { networking.hostName = "mac"; } ];\n      };\n&|' "$FLEET/flake.nix"
fleet_commit "a mac"
evaluates() {
    as_root pai nix eval --no-write-lock-file --override-input nixpkgs path:/e2e/nixos \
        "git+file:///fleet#darwin.mac.config.nix.enable" >"$LOG" 2>&1
}
fleet_sync
check "whole: a machine of nix-darwin evaluates" evaluates
take_away fleet 's/lib.optionalAttrs \(options.nix \? sshServe\)/lib.optionalAttrs true/'
check "without asking for options: it does not" not evaluates
check "without asking for options: for want of one" grep -q "does not exist" "$LOG"
