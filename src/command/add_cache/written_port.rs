//! The port of sshd, as a host's modules have it.

use crate::fleet::{Host, SSH_PORT};
use crate::project::Project;

/// The port that the modules of a host give sshd; `None`: the usual one, or one that the
/// inventory has.
pub(super) fn written_port(project: &Project, host: &Host) -> Option<u16> {
    if host.port.is_some() {
        return None;
    }
    let machine = project.host_survey().machine(host)?;
    let ports = machine.sshd_ports()?;
    let is_usual = ports.iter().any(|(port, _)| *port == SSH_PORT);
    ports.first().filter(|_| !is_usual).map(|(port, _)| *port)
}
