//! The key with which a client logs in, as hand-written wiring names it.

use crate::fleet::{Identity, Link};

/// True if the inventory has this key for the client.
pub(super) fn is_identity(link: &Link<'_>, path: &str) -> bool {
    match link.identity {
        Identity::HostKey => path.contains("ssh_host_"),
        Identity::File { path: file, .. } => file.path(&link.client.name).as_str() == path,
    }
}
