# shellcheck shell=bash
# Who may read the store may do nothing else, and nobody else may do that.
host_up tak "$CLIENT"
two_hosts
wire
has_built kalaw one
builds pai alice one
check "control: the client fetches" all_copied

ssh_as() { # HOST ARGUMENT...
    as_root "$1" timeout 20 ssh -o BatchMode=yes -o StrictHostKeyChecking=no -o ProxyCommand=none -o ProxyUseFdpass=no \
        -i /etc/ssh/ssh_host_ed25519_key "${@:2}" "nix-ssh@$(address kalaw)" "${COMMAND[@]}" </dev/null 2>&1
}
COMMAND=(id)
check "a stranger is refused" grep -q "Permission denied" <(ssh_as tak)
restart kalaw sshd # forgives
check "a client gets no shell" not grep -q "uid=" <(ssh_as pai)
check "a client gets no terminal" not grep -q "uid=" <(ssh_as pai -tt)
COMMAND=()
check "a client forwards nothing" grep -qE "administratively prohibited|open failed|forwarding" <(ssh_as pai -W localhost:22)

# Content-addressed, so that no signature is asked for.
as_root pai sh -c 'echo hello >/root/file; nix-store --add /root/file' >"$BOX/added" 2>/dev/null
# shellcheck disable=SC2024
as_root pai timeout 20 nix copy --to ssh://nix-ssh@kalaw.fritz.box "$(cat "$BOX/added")" >"$LOG" 2>&1
check "a client cannot write" not as_root kalaw nix-store --check-validity "$(cat "$BOX/added")" 2>/dev/null
as_root kalaw sh -c 'echo hello >/root/file; nix-store --add /root/file' >/dev/null 2>&1
check "control: the path itself is fine" as_root kalaw nix-store --check-validity "$(cat "$BOX/added")"
