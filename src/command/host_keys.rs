//! Keys of hosts that a command brings in, or has them make.

use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{AbsolutePath, Fleet, Host, HostName, Identity};
use crate::key::PublicKey;

/// The host keys that one command brings in, each host once, and the hosts that are to make a
/// key to log in with.
#[derive(Debug, Default)]
pub(super) struct HostKeys {
    known: Vec<(HostName, PublicKey)>,
    makers: Vec<(HostName, AbsolutePath)>,
}

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
        match self.known.iter().find(|(name, _)| name == host) {
            Some((_, known)) if *known != key => return Err(two_keys(host, known, &key)),
            Some(_) => {}
            None => self.known.push((host.clone(), key)),
        }
        Ok(())
    }

    /// Has a host make a key of its own, at this path.
    pub(super) fn makes_identity(&mut self, host: &HostName, path: &AbsolutePath) {
        self.makers.push((host.clone(), path.clone()));
    }

    /// True if the command says something of a key of this host.
    pub(super) fn concern(&self, host: &HostName) -> bool {
        let known = self.known.iter().map(|(name, _)| name);
        let mut all = known.chain(self.makers.iter().map(|(name, _)| name));
        all.any(|name| name == host)
    }

    /// The fleet with these keys.
    pub(super) fn applied(&self, fleet: &Fleet) -> Fleet {
        let mut fleet = fleet.clone();
        for (name, key) in &self.known {
            if let Some(host) = fleet.hosts.get_mut(name) {
                host.host_key = Some(key.clone());
            }
        }
        for (name, path) in &self.makers {
            if let Some(host) = fleet.hosts.get_mut(name) {
                host.identity = Some(Identity::made_at(path.clone()));
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
