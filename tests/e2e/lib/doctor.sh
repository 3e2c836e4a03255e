# shellcheck shell=bash
# `larder doctor` on pai, whose cache is kalaw: as root and as alice, with the cache's half
# and without.

# Whoever runs doctor may log in at kalaw, as its administrator.
doctor_ready() {
    local host
    cp "$LARDER" "$BOX/e2e/larder"
    as_root pai bash -c 'mkdir -p /root/.ssh && ssh-keygen -q -t ed25519 -N "" -f /root/.ssh/id_ed25519
        install -d -o alice -g alice /home/alice/.ssh
        install -o alice -g alice -m 600 /root/.ssh/id_ed25519 /home/alice/.ssh/id_ed25519'
    as_root kalaw install -d -m 700 /root/.ssh
    cp "$(root_of pai)/root/.ssh/id_ed25519.pub" "$(root_of kalaw)/root/.ssh/authorized_keys"
    # By a name and from an address of their own: what happens to clients is what is tested.
    echo "$(address kalaw) admin.kalaw" >>"$(root_of pai)/etc/hosts"
    within pai ip addr add 10.77.0.99/24 dev eth0
    as_root pai bash -c 'printf "Host admin.kalaw\n  User root\n  BindAddress 10.77.0.99\n  UserKnownHostsFile ~/.ssh/admin\n" >/root/.ssh/config
        ssh-keyscan -t ed25519 admin.kalaw 2>/dev/null >/root/.ssh/admin
        install -o alice -g alice /root/.ssh/config /root/.ssh/admin /home/alice/.ssh/'
    for host in kalaw pai; do journal "$host"; done
}

# What journald keeps, since the last `mark`. Root reads it.
journal() { # HOST
    touch "$BOX/$1/sshd.log" "$BOX/$1/nix-daemon.log"
    ln -f "$BOX/$1/sshd.log" "$BOX/e2e/$1.sshd.log"
    ln -f "$BOX/$1/nix-daemon.log" "$BOX/e2e/$1.nix-daemon.log"
    cat >"$(root_of "$1")/usr/local/bin/journalctl" <<SH
#!/bin/sh
[ "\$(id -u)" = 0 ] || exit 1
tail -q -c +\$((\$(cat /e2e/$1.\$2.mark) + 1)) /e2e/$1.\$2.log
SH
    chmod 755 "$(root_of "$1")/usr/local/bin/journalctl"
    mark
}

mark() {
    local log
    for log in "$BOX"/e2e/*.log; do stat -c %s "$log" >"${log%.log}.mark"; done
}

# Sets STATUS, TOOK (milliseconds) and FOUND: the outcome, or the causes.
doctor() { # root|alice [ARGUMENT...]
    local began
    began=$(date +%s%3N)
    "as_$1" pai /e2e/larder -C / --json doctor "${@:2}" >"$BOX/doctor.json" 2>"$BOX/doctor.err" </dev/null
    STATUS=$?
    TOOK=$(($(date +%s%3N) - began))
    cat "$BOX/doctor.json" "$BOX/doctor.err" >>"$BOX/doctor.all"
    FOUND=$(found)
    { cat "$BOX/doctor.json"; tail -n 5 "$BOX/doctor.err"; } >"$LOG"
}
# The outcome of each link, or the causes; the code of what stopped it.
found() {
    python3 - "$BOX/doctor.json" <<'PYTHON'
import json, sys
report = json.load(open(sys.argv[1]))
for link in report.get("links", []):
    print(*([finding["cause"] for finding in link["findings"]] or [link["outcome"]]))
for finding in report.get("findings", []):
    print(finding["rule"])
PYTHON
}
HALF=(--server admin.kalaw)

# What a host has built for a tag.
path_of() { # HOST TAG
    # shellcheck disable=SC2046
    as_root "$1" nix-build $(closure "$2") 2>/dev/null | head -n 1
}

finds() { # STATUS CAUSE...: and no other; `A|B`: one of these
    local status=$1
    shift
    case "|$*|" in *"|$FOUND|"*) same "$STATUS" "$status" ;; *) same "$STATUS $FOUND" "$status $*" ;; esac
}

# A fault is made; doctor names it, whoever runs it. What cannot be told apart without the
# cache's half is several causes. A path in NAMED is asked for then, since nobody builds one.
fault() { # CAUSE [WITHOUT_HALF [FOR_ALICE_WITHOUT_HALF [FOR_ALICE]]]
    local user with=$1 alone=${2:-$1}
    for user in root alice; do
        [ $user = root ] || { alone=${3:-$alone}; with=${4:-$with}; }
        forgive
        doctor $user "${HALF[@]}"
        check "$1: $user, with the cache's half: $with" finds "$(status_of "$with")" "$with"
        forgive
        # shellcheck disable=SC2086
        doctor $user --no-server ${NAMED:-}
        check "$1: $user, without: $alone" finds "$(status_of "$alone")" "$alone"
    done
}

status_of() { # FOUND
    case $1 in proven) echo 0 ;; open) echo 2 ;; *) echo 1 ;; esac
}

# The cache's sshd forgets whom it has shut out, and the client what it remembers. Then the
# fault is made again, where it would be forgotten as well.
forgive() {
    [ -n "${NO_SSHD:-}" ] || restart kalaw sshd
    forget pai
    mark
    ${AGAIN:-true}
}

healthy() { # WHAT
    forgive
    doctor root "${HALF[@]}"
    check "$1: proven" finds 0 proven
}

# Every private key of every host: the lines of a key file behind its head, which all have, or
# what is behind the name of a signing key.
all_secrets() {
    local host
    for host in "${!HOLDER[@]}"; do
        (cd "$(root_of "$host")" && find etc root home var/lib e2e -type f -size -20k 2>/dev/null) | while read -r file; do
            file=$(root_of "$host")/$file
            if head -n 1 "$file" | grep -qa 'PRIVATE KEY-----'; then
                sed -n '/-----/d; 3,$p' "$file" | grep -E '^.{30}' | cut -c 1-60
            else
                grep -aE '^[^: ]+:[A-Za-z0-9+/]{86}==$' "$file" | sed 's/^[^:]*://' | cut -c 1-40
            fi
        done
    done | sort -u
}

# Nothing that doctor has printed, no log of a host, and nothing in a folder for temporary
# files has a line of a key.
no_secret_is_left() {
    local host folder
    all_secrets >"$BOX/secrets"
    check "$(wc -l <"$BOX/secrets") lines of private keys are known" at_least "$(wc -l <"$BOX/secrets")" 8
    check "none is in what was printed" not grep -qaFf "$BOX/secrets" "$BOX/doctor.all"
    check "none is in the log of a host" not grep -qaFf "$BOX/secrets" "$BOX"/*/*.log
    for host in "${!HOLDER[@]}"; do
        for folder in tmp var/tmp run; do
            check "$host: none is in /$folder" not grep -rqaFf "$BOX/secrets" "$(root_of "$host")/$folder"
        done
        check "$host: no temporary folder stays" same "$(as_root "$host" sh -c 'ls -d /tmp/tmp.* 2>/dev/null')" ""
    done
}
