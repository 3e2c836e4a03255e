# shellcheck shell=bash
# Three hosts: kalaw serves; pai fetches with the generated wiring, by either engine, and
# thazi with one that is written by hand.

IDENTITY=/etc/nixos/nix_ssh_priv_key

# All are switched to what the repository says, and kalaw's key is known to both.
three_hosts() {
    host_up thazi "$CLIENT"
    two_hosts thazi
    names thazi "$(address kalaw)" kalaw.fritz.box
    as_root thazi sh -c "mkdir -p /etc/nixos; ssh-keygen -q -t ed25519 -N '' -C thazi -f $IDENTITY"
    human kalaw "{
      nix.sshServe.keys = [ \"$(cat "$(root_of thazi)$IDENTITY.pub")\" ];
      # for tar over ssh
      users.users.root.openssh.authorizedKeys.keys = [ \"$(cat "$(root_of thazi)$IDENTITY.pub")\" ];
    }"
    wire "$(engine ssh)"
    human thazi "$(by_hand)"
    switch thazi || exit 1
}

# kalaw serves both ways all the time, and pai uses one of them.
engine() { # ssh|harmonia
    case $1 in
    ssh) echo 'serve = ["harmonia", "ssh"]' ;;
    harmonia) echo 'serve = ["ssh", "harmonia"]' ;;
    esac
}
becomes() { # ssh|harmonia [EXTRA_FOR_PAI]
    inventory "$(engine "$1")" "${2:-}"
    switch pai || broken "the switch"
    [ "$1" = ssh ] || connected pai || broken "the tunnel"
}

# The wiring that one finds in people's repositories, with what it takes to work at
# all: the host key is pinned, and what is built is signed.
by_hand() {
    cat <<NIX
{
  nix.settings.substituters = [ "ssh://nix-ssh@kalaw.fritz.box" ];
  nix.settings.trusted-public-keys = [ "$(signing_key kalaw)" ];
  programs.ssh.knownHosts."kalaw.fritz.box".publicKey = "$(host_key kalaw)";
  programs.ssh.extraConfig = ''
    Match host kalaw.fritz.box user nix-ssh
      IdentityFile $IDENTITY
  '';
}
NIX
}

result() { # FIELD...: one line of the table's data
    (IFS=$'\t' && echo "$*") | tee -a "$RESULTS"
}

# Sets SECONDS_TAKEN, with two decimals, and STATUS.
# shellcheck disable=SC2034 # for those who source this
timed() { # COMMAND...
    local began=$EPOCHREALTIME
    "$@" >"$LOG" 2>&1 </dev/null
    STATUS=$?
    SECONDS_TAKEN=$(echo "$EPOCHREALTIME $began" | awk '{printf "%.2f", $1 - $2}')
}

broken() { # WHAT
    echo "bench: not as it should be: $1 (status ${STATUS:-none}):"
    tail -n 6 "$LOG"
    exit 1
}

# Sets CLOSURE, a path on kalaw, and PATHS, how many it is made of. kalaw has a list of
# them in /tmp/closure.
# shellcheck disable=SC2034
all_paths() {
    cp "$HERE/closure.nix" "$BOX/e2e/all.nix"
    CLOSURE=$(as_root kalaw nix-build /e2e/all.nix --no-out-link 2>"$LOG") || broken "kalaw's build"
    as_root kalaw sh -c "nix-store --query --requisites $CLOSURE >/tmp/closure"
    PATHS=$(as_root kalaw sh -c 'wc -l </tmp/closure')
}
