//! How a machine is reached with the user's own ssh.

use std::borrow::Cow;

use crate::fleet::Host;
use crate::text::shell_word;

/// `ssh`, with the address, port and jump host of the inventory.
pub(super) fn ssh(host: &Host) -> String {
    let port = host.port.map(|port| format!(" -p {port}"));
    let jump = host.proxy_jump.as_ref().map(|jump| format!(" -J {jump}"));
    let options: String = jump.into_iter().chain(port).collect();
    format!("ssh{options} {}", host.address())
}

/// The same with a terminal: sudo may have to ask for a password.
pub(super) fn ssh_with_terminal(host: &Host) -> String {
    ssh(host).replacen("ssh", "ssh -t", 1)
}

/// A word for the shell of the other machine, which reads it once more than the one here.
pub(super) fn remote_word(text: &str) -> String {
    match shell_word(text) {
        Cow::Borrowed(plain) => plain.to_owned(),
        Cow::Owned(quoted) => shell_word(&quoted).into_owned(),
    }
}
