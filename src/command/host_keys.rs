//! Host keys that a command brings in.

use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{Fleet, Host, HostName};
use crate::key::PublicKey;

/// The host keys that one command brings in, each host once.
#[derive(Debug, Default)]
pub(super) struct HostKeys(Vec<(HostName, PublicKey)>);

impl HostKeys {
    /// Adds the key of a host.
    ///
    /// # Errors
    /// When the command brings in another key for it, or the key is another host's.
    pub(super) fn add(
        &mut self,
        fleet: &Fleet,
        host: &HostName,
        key: PublicKey,
    ) -> Result<(), Stop> {
        refuse_anothers(&self.applied(fleet), host, &key)?;
        match self.0.iter().find(|(name, _)| name == host) {
            Some((_, known)) if *known != key => return Err(two_keys(host, known, &key)),
            Some(_) => {}
            None => self.0.push((host.clone(), key)),
        }
        Ok(())
    }

    /// True if the command brings in a key of this host.
    pub(super) fn has(&self, host: &HostName) -> bool {
        self.0.iter().any(|(name, _)| name == host)
    }

    /// The fleet with these keys.
    pub(super) fn applied(&self, fleet: &Fleet) -> Fleet {
        let mut fleet = fleet.clone();
        for (name, key) in &self.0 {
            if let Some(host) = fleet.hosts.get_mut(name) {
                host.host_key = Some(key.clone());
            }
        }
        fleet
    }
}

/// Two machines with one host key could stand in for each other.
///
/// # Errors
/// When another host of the fleet has this key.
pub(super) fn refuse_anothers(fleet: &Fleet, name: &HostName, key: &PublicKey) -> Result<(), Stop> {
    let has_it = |host: &&Host| host.name != *name && host.host_keys().any(|own| own == key);
    let Some(other) = fleet.hosts.values().find(has_it) else {
        return Ok(());
    };
    let message = format!(
        "the key given for `{name}` is the host key of `{}`",
        other.name
    );
    Err(Diagnostic::error("host-key-of-another", message)
        .about(name.to_string())
        .help(format!(
            "give `{name}`'s own: `/etc/ssh/ssh_host_ed25519_key.pub` on that machine"
        ))
        .into())
}

fn two_keys(host: &HostName, one: &PublicKey, other: &PublicKey) -> Stop {
    let message = format!("there are two different host keys for `{host}`");
    Diagnostic::error("host-key-twice", message)
        .about(host.to_string())
        .help(format!(
            "they are {} and {}; give the one that `{host}` has",
            one.fingerprint(),
            other.fingerprint()
        ))
        .into()
}
