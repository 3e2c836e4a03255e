# shellcheck shell=bash
# Each line of the service that changes a key of a host is needed: without it there is no new
# key, or the wrong one is in use, or nobody hears of it.
two_hosts
FILE=/etc/ssh/ssh_host_ed25519_key
first=$(host_key kalaw)

# kalaw's host key while it changes.
changing() { # SECOND [LINE]
    inventory "" "" ""
    sed -i "/^\[hosts.kalaw\]/,/^host-key = /s|^host-key = .*|host-key = [\"$first\", \"$1\"]\n${2:-}|" "$FLEET/larder.toml"
    fleet_sync
}
become() { # [HOST]
    local host=${1:-kalaw}
    build_system "$host" --option secret-key-files "" >"$LOG" 2>&1 || { cat "$LOG"; exit 1; }
    as_root "$host" rm -rf /run/failed
    as_root "$host" $SYSTEM multi-user >"$BOX/$host.activate.log" 2>&1 </dev/null
}
without() { # SED
    take_away new-key "$1"
    become
}
evaluates() { build_system kalaw --option secret-key-files "" >"$LOG" 2>&1; }
says() { grep -q "$1" "$BOX/${2:-kalaw}.activate.log"; }
has() { as_root kalaw test -s "$1"; }
public() { as_root kalaw cut -d ' ' -f 1,2 "$1" 2>/dev/null; }
# The public half that the private one has.
private() { as_root kalaw ssh-keygen -y -P "" -f "$1" 2>/dev/null | cut -d ' ' -f 1,2; }
differs() { [ "$1" != "$2" ] || { echo "          both are \`$1\`"; return 1; }; }
unit_failed() { as_root kalaw sh -c 'ls /run/failed/larder-new-key-*' >/dev/null 2>&1; }
as_root kalaw cp -a /etc/ssh /keep
# As before the first step; an earlier attempt was cut short.
from_the_start() {
    as_root kalaw sh -c "rm -f $FILE.*; cp -a /keep/ssh_host_ed25519_key* /etc/ssh/; echo half >$FILE.made; echo half >$FILE.made.pub"
}

# The first step: a new key beside the old one.
changing pending
from_the_start
become
check "whole: a new key is made" has $FILE.next
check "whole: only root can read it" same "$(as_root kalaw stat -c '%a %U' $FILE.next)" "600 root"
check "whole: its public half is beside it" same "$(public $FILE.next.pub)" "$(private $FILE.next)"
check "whole: the old one is in use" same "$(private $FILE)" "$first"
check "whole: says how to go on" says "larder rotate host-key kalaw 'ssh-ed25519 "
check "whole: nothing is complained of" not says "<3>"
made=$(public $FILE.next.pub)
become
check "whole: the new key stays" same "$(public $FILE.next.pub)" "$made"
for line in 's/^(  systemd.services)\.\$\{unit\} = /\1.other = lib.mkIf false (/; 0,/^  };$/s/^  };$/  });/' \
    '/^      PATH=/d' '/^      file=/d' '/^ +ssh-keygen -q -t ed25519/d' '/^ +mv -f "\$file.made" /d' '/^ +rm -f "\$file.made" /d'; do
    from_the_start
    without "$line"
    check "without $line: no new key" not has $FILE.next
done
for line in '/^    description = /d' '/^    files = /d' '/^  keys = /d' '/^  known = /d' '/^  old = /d' '/^  new = /d' \
    '/^  sshd = /d' '/^  hostKeys = /d' '/^  path =$/,/;$/d' '/^  unit = /d' '/^  kind = /d'; do
    take_away new-key "$line"
    check "without $line: it does not evaluate" not evaluates
done
from_the_start
without '/^ +mv -f "\$file.made.pub" /d'
check "without its public half: nobody can fetch it" not has $FILE.next.pub
for words in "made a new key" "larder rotate .*kind"; do
    from_the_start
    without "/echo \"[^<]*$words/d"
    check "without that line: a key is made" has $FILE.next
    check "without that line: does not say so" not says "${words%.kind}"
done
from_the_start
become
made=$(public $FILE.next.pub)
without 's/ \&\& \[ ! -s "\$file.next" \]//'
check "without asking if it is there: another one" differs "$(public $FILE.next.pub)" "$made"

# The file that sshd has its key in.
human kalaw '{ services.openssh.hostKeys = [ { type = "rsa"; path = "/srv/rsa"; } { type = "ed25519"; path = "/srv/own"; } ]; }'
as_root kalaw cp -a /keep/ssh_host_ed25519_key /srv/own
fleet_sync
become
check "whole: the file is the one that sshd has" has /srv/own.next
as_root kalaw rm -f /srv/own.next /srv/own.next.pub
without 's/^  hostKeys = .*/  hostKeys = [ ];/'
check "without looking for it: not there" not has /srv/own.next
human kalaw '{ }'

# The others know both: no third one is made.
from_the_start
fleet_sync
become
second=$(public $FILE.next.pub)
changing "$second"
become
check "whole, both are known: the old one is in use" same "$(private $FILE)" "$first"
check "whole, both are known: the new one stays" same "$(private $FILE.next)" "$second"
as_root kalaw rm -f $FILE.next $FILE.next.pub
become
check "whole, the new one is gone: no third one is made" not has $FILE.next
without 's/\[ -z "\$new" \] \&\& //'
check "without asking if it is known: a third one" has $FILE.next

# Puts both where they were before the next step.
both() {
    as_root kalaw sh -c "rm -f $FILE.*; cp -a /keep/ssh_host_ed25519_key* /etc/ssh/; cp -a /keep/new $FILE.next; cp -a /keep/new.pub $FILE.next.pub"
}
as_root kalaw sh -c "ssh-keygen -q -t ed25519 -N '' -C '' -f /keep/new"
second=$(public /keep/new.pub)
both
changing "$second" "use-new-host-key = true"
become
check "whole, the new one is to be used: it is" same "$(private $FILE)" "$second"
check "whole, it is used: its public half too" same "$(public $FILE.pub)" "$second"
check "whole, it is used: the old one is kept" same "$(private $FILE.old)" "$first"
check "whole, it is used: the old public half too" same "$(public $FILE.old.pub)" "$first"
check "whole, it is used: none is left beside" not has $FILE.next
check "whole, it is used: nor its public half" not has $FILE.next.pub
check "whole, it is used: only root can read it" same "$(as_root kalaw stat -c '%a %U' $FILE)" "600 root"
check "whole, it is used: nothing is complained of" not says "<3>"
become
check "whole, again: the same" same "$(private $FILE) $(private $FILE.old)" "$second $first"
for line in '/^      new=/d' '/^          read -r type base64/d' '/^          echo "\$type \$base64"/d' '/^        mv -f "\$2" /d' \
    "/''put \"\\\$new\" /s/''put .*/\"\"/"; do
    both
    without "$line"
    check "without $line: the old one is in use" differs "$(private $FILE)" "$second"
done
both
without '/^        ln -f /d'
check "without that link: the old one is lost" not has $FILE.old
both
without '/^        echo "\$\(public "\$file"\)" /d'
check "without the old public half" not has $FILE.old.pub
both
without '/^        echo "\$1" >/d'
check "without the new public half: it is that of the old one" same "$(public $FILE.pub)" "$first"
both
without '/^        rm -f "\$2.pub"/d'
check "without that removal: a public half without its key" has $FILE.next.pub
# Another key lies where the new one should.
both
as_root kalaw sh -c "ssh-keygen -q -t ed25519 -N '' -C '' -f /other; mv /other $FILE.next"
become
check "whole, another key lies there: it is not used" same "$(private $FILE)" "$first"
check "whole, another key lies there: says so" says "is not the one that kalaw is to use now"
take_away new-key 's/^        if \[ "\$\(public "\$file"\)" = .*then return; fi$/        true/'
become
check "without that look: it is used" differs "$(private $FILE)" "$first"
both
as_root kalaw rm -f $FILE.next
for line in '/^        echo "<3>/d' '/^      wanted=/d' 's/^      if \[ "\$\(public "\$file"\)" != .*then$/      if false; then/'; do
    without "$line"
    check "without $line: does not say so" not says "is to use now: $second"
done
# No key at all, as after a new installation.
as_root kalaw rm -f $FILE $FILE.next
fleet_sync
become
check "whole, no key: the unit does not fail" not unit_failed
check "whole, no key: says so" says "is not the one that kalaw is to use now"
take_away new-key 's/^        if \[ -s "\$1" \]; then/        if true; then/'
become
check "without that look: ssh-keygen complains" says "No such file"

# Back: the old one is in use again, and the new one kept.
both
fleet_sync
become
changing "$second"
become
check "whole, back: the old one is in use" same "$(private $FILE)" "$first"
check "whole, back: the new one is kept" same "$(private $FILE.next)" "$second"
for line in "/''put \"\\\$old\" /s/''put .*/\"\"/" '/^      old=/d'; do
    changing "$second" "use-new-host-key = true"
    both
    become
    changing "$second"
    without "$line"
    check "without $line: the new one stays in use" differs "$(private $FILE)" "$first"
done

# sshd reads its keys when it starts.
sshd() { # ATTRIBUTE
    as_root kalaw nix eval --json --no-write-lock-file --override-input nixpkgs path:/e2e/nixos \
        "git+file:///fleet#nixosConfigurations.kalaw.config.systemd.services" \
        --apply "services: services.sshd.$1 or [ ]" 2>"$LOG"
}
fleet_sync
unit=$(sshd wants | tr -d '[]"')
check "whole: sshd wants the unit" grep -q '^larder-new-key-.*\.service$' <<<"$unit"
check "whole: sshd is after it" same "$(sshd after)" "[\"$unit\"]"
check "whole: sshd starts again with the old key" same "$(sshd restartTriggers)" "[\"$first\"]"
changing "$second" "use-new-host-key = true"
check "whole: sshd starts again with the new key" same "$(sshd restartTriggers)" "[\"$second\"]"
for what in wants after restartTriggers; do
    take_away new-key "/^    $what = /d"
    check "without $what: nothing" same "$(sshd $what)" "[]"
done
take_away new-key '/^  systemd.services.sshd = /,/^  };/d'
check "without all of it: nothing" same "$(sshd wants)" "[]"

# A login key in a file of its own.
KEY=/var/lib/larder/identity
as_root pai sh -c "mkdir -p /var/lib/larder; ssh-keygen -q -t ed25519 -N '' -C '' -f $KEY"
own=$(as_root pai cut -d ' ' -f 1,2 $KEY.pub)
inventory "" "identity = { file = \"$KEY\", make = true, key = [\"$own\", \"pending\"] }"
become pai
check "whole, a login key: a new one is made" as_root pai test -s $KEY.next
check "whole, a login key: says how to go on" says "larder rotate identity pai 'ssh-ed25519 " pai
check "whole, a login key: nothing is complained of" not says "<3>" pai
for line in 's/^  known = .*/  known = keys.hosts;/' 's/^    if file != null then file else /    /' 's/^  kind = .*/  kind = "host-key";/'; do
    as_root pai sh -c "rm -f $KEY.next $KEY.next.pub"
    take_away new-key "$line"
    become pai
    case $line in
    *known*) check "without $line: compared with the host key" says "<3>" pai ;;
    *kind*) check "without $line: another advice" says "larder rotate host-key pai 'ssh-ed25519 " pai ;;
    *) check "without $line: not made beside it" not as_root pai test -e $KEY.next ;;
    esac
done

# Both keys of a host at once.
sed -i "/^\[hosts.pai\]/,/^host-key = /s|^host-key = .*|host-key = [\"$(host_key pai)\", \"pending\"]|" "$FLEET/larder.toml"
fleet_sync
as_root pai sh -c "rm -f $KEY.next $KEY.next.pub $FILE.next $FILE.next.pub"
become pai
check "whole, two keys at once: both are made" as_root pai test -s $KEY.next -a -s $FILE.next
take_away new-key 's/hashString "sha256" path/hashString "sha256" "x"/'
check "without telling them apart: it does not evaluate" not build_system pai
