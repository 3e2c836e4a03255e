set -eu
if [ "$(id -u)" != 0 ]; then
  echo "larder: this has to run as root" >&2
  exit 1
fi

# Writes standard input to a file, as a whole.
put() { # MODE FILE
  cat >"$2.larder-new"
  chmod "$1" "$2.larder-new"
  mv -f "$2.larder-new" "$2"
}

# A file that something else writes, as Nix does on NixOS, is not for a line of ours.
refuse_link() { # FILE
  if [ -L "$1" ]; then
    echo "larder: $1 is a link: what writes it has to write this line as well: $2" >&2
    exit 1
  fi
}

# Determinate Nix writes nix.conf itself, and reads the other one.
nix_conf=/etc/nix/nix.conf
if grep -qs '^!include nix.custom.conf' $nix_conf; then nix_conf=/etc/nix/nix.custom.conf; fi
nix_line='!include /etc/larder/nix.conf'

ssh_conf=/etc/ssh/ssh_config
ssh_line='Include /etc/larder/ssh_config'
# Where files are added to it, ours is one of them, and the first: the first value wins.
ssh_file=
if grep -qsi '^[[:space:]]*include[[:space:]].*/etc/ssh/ssh_config\.d/\*' $ssh_conf; then
  ssh_file=/etc/ssh/ssh_config.d/00-larder.conf
fi

restart_nix() {
  if command -v systemctl >/dev/null && systemctl --quiet is-active nix-daemon.service; then
    systemctl restart nix-daemon.service
  elif command -v launchctl >/dev/null; then
    launchctl kickstart -k system/org.nixos.nix-daemon 2>/dev/null ||
      launchctl kickstart -k system/systems.determinate.nix-daemon
  else
    echo "larder: restart the Nix daemon: it reads its settings when it starts" >&2
  fi
}
