# On a cache: who may log in, what then runs, with which key it signs; and the probe, which
# is built anew, or what is known of a path.

# The fingerprints of the keys that may log in, behind the file that has them.
authorized() {
    home=$(getent passwd "$user" | cut -d : -f 6)
    files=$(sed -n 's/^[Aa]uthorized[Kk]eys[Ff]ile //p' "$tmp/sshd")
    [ -n "$files" ] || files=".ssh/authorized_keys /etc/ssh/authorized_keys.d/%u"
    for file in $files; do
        file=$(echo "$file" | sed "s|%u|$user|g; s|%h|$home|g; s|%%|%|g")
        case $file in /*) ;; *) file=$home/$file ;; esac
        [ -e "$file" ] || continue
        if [ -r "$file" ]; then ssh-keygen -lf "$file" | sed "s|^|$file |"; else echo "$file unread"; fi
    done
}

# The names of the signing keys, with their public halves where root can read them.
signing_keys() {
    for file in $(settings secret-key-files | sed 's/^[^=]*= *//'); do
        if [ ! -e "$file" ]; then
            echo "$file missing"
        elif [ ! -s "$file" ]; then
            echo "$file empty"
        elif [ ! -r "$file" ]; then
            echo "$file unread"
        else
            echo "$file $(new_nix key convert-secret-to-public <"$file" 2>/dev/null || echo unusable)"
        fi
    done
}

host_keys() {
    for file in /etc/ssh/ssh_host_*_key.pub; do [ ! -r "$file" ] || ssh-keygen -lf "$file"; done
}

probe() {
    within 60 env NIX_REMOTE=daemon nix-build --no-out-link --option substitute false -E "derivation {
        name = \"larder-probe-$nonce\"; system = builtins.currentSystem; builder = \"/bin/sh\";
        args = [ \"-c\" \"echo $nonce > \$out\" ]; preferLocalBuild = true; allowSubstitutes = false; }"
}

ask who who
ask account getent passwd "$user"
ask groups id -Gn "$user"
ask sshd sshd -T -C "user=$user,host=client,addr=${client:-192.0.2.1}"
cp "$tmp/out" "$tmp/sshd"
ask authorized authorized
ask hostkeys host_keys
ask settings settings 'secret-key-files|allowed-users|trusted-users|system'
ask signing signing_keys
if [ -n "$nonce" ]; then
    ask probe probe
    path=$(cat "$tmp/out")
fi
if [ -n "$path" ]; then
    ask valid env NIX_REMOTE=daemon nix-store --check-validity "$path"
    ask info new_nix path-info --json "$path"
    [ -n "$nonce" ] || ask verify within 60 nix-store --verify-path "$path"
fi
ask log journalctl -u sshd -u ssh -o cat --since -2min -n 200
