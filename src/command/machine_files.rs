//! Files of a machine that tell what it runs: NixOS writes them at a switch, and everybody on
//! the machine may read them.

use crate::fleet::Cache;

/// What Nix asks, trusts and signs with.
pub(super) const NIX_CONF: &str = "/etc/nix/nix.conf";
/// The host keys that a client pins.
pub(super) const KNOWN_HOSTS: &str = "/etc/ssh/ssh_known_hosts";
/// The same where `larder export` has written them.
pub(super) const EXPORTED: [&str; 2] = ["/etc/larder/nix.conf", "/etc/larder/known_hosts"];
/// The keys that users are let in with, by the name of the user.
const LOGINS: &str = "/etc/ssh/authorized_keys.d";

/// The keys that a cache lets in.
pub(super) fn logins(cache: &Cache) -> String {
    format!("{LOGINS}/{}", cache.login_user())
}

/// The host keys of a cache that a client pins: a tunnel has a file of its own.
pub(super) fn pins(cache: &Cache) -> String {
    if cache.is_tunnelled() {
        format!("/etc/ssh/{}.known_hosts", cache.ssh_alias())
    } else {
        KNOWN_HOSTS.to_owned()
    }
}

/// Which signing keys the wiring's unit has found, with their public halves.
pub(super) const FOUND_KEYS: &str = "/run/larder/signing-key";

/// How many lines of a file are read: a cache has one for each client.
pub const LINES: usize = 5000;

/// One of several files in the output of `head -v`; `None` if it could not be read.
pub(super) fn file_in<'t>(output: &'t str, path: &str) -> Option<&'t str> {
    let heading = format!("==> {path} <==\n");
    let (_, rest) = output.split_once(&heading)?;
    Some(rest.split("\n==> /").next().unwrap_or(rest))
}
