//! The SSH host keys of a machine's sshd.

use crate::survey::hit::{Hit, Spot};
use crate::survey::machine::Machine;
use crate::survey::sshd_ports::{entries, items};
use crate::survey::value::Item;

const HOST_KEYS: &str = "services.openssh.hostKeys";

impl Machine {
    /// The types of the host keys that the files give sshd, as `services.openssh.hostKeys`
    /// has them (`ed25519`, `rsa`), and where the first of them is; `None`: the files say
    /// nothing, or not all of it is known.
    pub fn host_key_types(&self) -> Option<(Vec<String>, Spot)> {
        let hits = self.strongest(HOST_KEYS)?;
        let first = hits.first()?.spot.clone();
        let of_hit = |hit: &Hit| items(hit)?.iter().map(key_type).collect::<Option<Vec<_>>>();
        let types: Option<Vec<Vec<String>>> = hits.iter().map(of_hit).collect();
        Some((types?.concat(), first))
    }
}

/// `None`: not known, or it depends on a condition.
fn key_type(item: &Item) -> Option<String> {
    let entries = entries(item).filter(|_| item.condition.is_none())?;
    let (_, kind) = entries.iter().find(|(name, _)| name == "type")?;
    kind.value.text().map(str::to_owned)
}
