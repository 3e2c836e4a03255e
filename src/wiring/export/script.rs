//! The half as a script for `sh`, which says where each part goes and puts it there.

use super::{DIR, ExportedFile, ExportedHost};
use crate::text::quoted_conjunction;

const INSTALL: &str = include_str!("../../../templates/export/install.sh");

/// Ends a file in the script; no file has a line like it.
const END: &str = "LARDER";

impl ExportedHost {
    /// The script; for a machine without a cache, the one that takes everything out.
    #[must_use]
    pub fn script(&self) -> String {
        if self.caches.is_empty() && self.makes.is_empty() {
            return format!("{}{INSTALL}{}", self.header_of_removal(), removal());
        }
        let files: String = self.files.iter().map(put).collect();
        format!(
            "{}{INSTALL}{}{}{files}{}",
            self.header(),
            if self.caches.is_empty() { "" } else { REFUSE },
            self.keys(),
            if self.caches.is_empty() { "" } else { INCLUDE },
        )
    }

    fn header(&self) -> String {
        let host = &self.host;
        let uses = match self.caches.as_slice() {
            [] => format!("The key with which `{host}` is to log in at its caches."),
            caches => format!("How `{host}` fetches from {}.", quoted_conjunction(caches)),
        };
        format!(
            "#!/bin/sh\n# {uses}\n#\n\
             # Printed by `larder export {host}`, to be run as root on that machine. It writes\n\
             # {DIR}, and one line each for nix.conf and ssh_config, which include files of that\n\
             # folder. Run a new one when larder.toml has changed; once `{host}` uses no cache, it\n\
             # takes all of this out.\n"
        )
    }

    fn header_of_removal(&self) -> String {
        let host = &self.host;
        format!(
            "#!/bin/sh\n# `{host}` uses no cache: what an earlier `larder export {host}` put onto \
             the machine goes.\n# To be run as root there.\n"
        )
    }

    /// The keys that it makes, and whether it has the one that the caches know.
    fn keys(&self) -> String {
        let made = self.makes.iter().map(|file| self.made(file));
        let known = self.host_key.iter().map(|key| self.known(key));
        made.chain(known).collect()
    }

    fn made(&self, file: &str) -> String {
        let host = &self.host;
        format!(
            "\n# The private key stays on this machine.\n\
             if [ ! -s {file} ]; then\n  \
               mkdir -p \"$(dirname {file})\"\n  \
               ssh-keygen -q -t ed25519 -N '' -C '' -f {file}\n  \
               echo \"larder: made a key to log in at caches with; tell the fleet with\" >&2\n  \
               echo \"  larder keys set {host} --identity '$(cat {file}.pub)'\" >&2\n\
             fi\n"
        )
    }

    fn known(&self, key: &str) -> String {
        let host = &self.host;
        let file = "/etc/ssh/ssh_host_ed25519_key.pub";
        format!(
            "\n# The caches let this machine in by its SSH host key, as larder.toml has it.\n\
             if ! grep -qsF '{key}' {file}; then\n  \
               echo \"larder: caches refuse this machine: larder.toml has another key than {file}; tell the fleet with\" >&2\n  \
               echo \"  larder keys set {host} --replace '$(cat {file} 2>/dev/null)'\" >&2\n\
             fi\n"
        )
    }
}

fn put(file: &ExportedFile) -> String {
    let ExportedFile { path, mode, text } = file;
    format!("\nput {mode} {path} <<'{END}'\n{text}{END}\n")
}

/// Before anything is written.
const REFUSE: &str = r#"
refuse_link "$nix_conf" "$nix_line"
if [ -z "$ssh_file" ]; then refuse_link "$ssh_conf" "$ssh_line"; fi
mkdir -p /etc/larder
chmod 755 /etc/larder
"#;

const INCLUDE: &str = r#"
# At the end of nix.conf: a later `substituters` would take the place of what it adds.
if ! grep -qsxF "$nix_line" "$nix_conf"; then
  if [ -s "$nix_conf" ] && [ -n "$(tail -c 1 "$nix_conf")" ]; then echo >>"$nix_conf"; fi
  echo "$nix_line" >>"$nix_conf"
fi
if [ -n "$ssh_file" ]; then
  echo "$ssh_line" | put 644 "$ssh_file"
elif ! grep -qsxF "$ssh_line" "$ssh_conf"; then
  { echo "$ssh_line"; cat "$ssh_conf" 2>/dev/null; } | put 644 "$ssh_conf"
fi
restart_nix
"#;

fn removal() -> &'static str {
    r#"
take_out() { # LINE FILE
  if grep -qsxF "$1" "$2"; then grep -vxF "$1" "$2" | put 644 "$2"; fi
}
take_out "$nix_line" "$nix_conf"
take_out "$ssh_line" "$ssh_conf"
rm -f /etc/ssh/ssh_config.d/00-larder.conf
rm -rf /etc/larder
restart_nix
"#
}
