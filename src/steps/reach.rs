//! How a machine is reached with the user's own ssh.

use crate::fleet::Host;

/// `ssh`, with the address, port and jump host of the inventory.
pub(super) fn ssh(host: &Host) -> String {
    let port = host.port.map(|port| format!(" -p {port}"));
    let jump = host.proxy_jump.as_ref().map(|jump| format!(" -J {jump}"));
    let options: String = jump.into_iter().chain(port).collect();
    format!("ssh{options} {}", host.address())
}
