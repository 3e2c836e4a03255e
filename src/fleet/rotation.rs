//! Keys that are being changed: which, and how far.
//!
//! Each change has the same three stages between the old key alone and the new key alone. At
//! each of them nothing stops working that works, whichever machines have been switched.

use std::fmt;

use super::{Cache, Fleet, Host, HostName, Identity, Successor};

/// A key that is being changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// What it is for.
    pub kind: KeyKind,
    /// The host or cache that it belongs to.
    pub name: HostName,
    /// How far the change is.
    pub stage: Stage,
}

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyKind {
    /// A cache signs with it.
    Signing,
    /// A host is known by it, and may log in with it.
    HostKey,
    /// A host logs in at caches with it.
    Identity,
    /// All clients of a cache log in there with it.
    SharedIdentity,
}

/// How far the change of a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// The machine makes the new key, and nobody knows it.
    Pending,
    /// The other machines know both; the machine itself has the old one in use, and a cache
    /// signs with both.
    Known,
    /// The machine itself has the new one in use, and clients trust its signatures alone; the
    /// old one is still known.
    InUse,
}

impl Fleet {
    /// The keys that are being changed.
    pub fn rotations(&self) -> Vec<Rotation> {
        let caches = self.caches.values().flat_map(of_cache);
        let hosts = self.hosts.values().flat_map(of_host);
        caches.chain(hosts).collect()
    }

    /// How far the change of a key is; `None`: it is not being changed.
    pub fn stage(&self, kind: KeyKind, name: &HostName) -> Option<Stage> {
        let is_it = |one: &Rotation| one.kind == kind && one.name == *name;
        self.rotations()
            .into_iter()
            .find(is_it)
            .map(|one| one.stage)
    }
}

impl Rotation {
    /// The command that goes on with it.
    pub fn command(&self) -> String {
        self.kind.command(&self.name)
    }
}

impl KeyKind {
    /// The command that takes the next step with such a key of this host.
    pub fn command(self, name: &HostName) -> String {
        let shared = match self {
            Self::SharedIdentity => " --shared",
            _ => "",
        };
        format!("larder rotate {} {name}{shared}", self.verb())
    }

    /// The word on the command line, and the key of the inventory.
    pub fn verb(self) -> &'static str {
        match self {
            Self::Signing => "signing-key",
            Self::HostKey => "host-key",
            Self::Identity | Self::SharedIdentity => "identity",
        }
    }
}

/// In words, before `of NAME`.
impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Signing => "signing key",
            Self::HostKey => "host key",
            Self::Identity => "login key",
            Self::SharedIdentity => "login key for the clients",
        })
    }
}

fn of_cache(cache: &Cache) -> Vec<Rotation> {
    let signing = cache.next_signing_key.as_ref().map(stage_of);
    let shared = stage_of_identity(Some(&cache.identity));
    let stages = [
        (KeyKind::Signing, signing),
        (KeyKind::SharedIdentity, shared),
    ];
    rotations(&cache.host, stages)
}

fn of_host(host: &Host) -> Vec<Rotation> {
    let own = host.next_host_key.as_ref().map(stage_of);
    let identity = stage_of_identity(host.identity.as_ref());
    rotations(
        &host.name,
        [(KeyKind::HostKey, own), (KeyKind::Identity, identity)],
    )
}

fn rotations(name: &HostName, stages: [(KeyKind, Option<Stage>); 2]) -> Vec<Rotation> {
    let rotation = |(kind, stage): (KeyKind, Option<Stage>)| {
        Some(Rotation {
            kind,
            name: name.clone(),
            stage: stage?,
        })
    };
    stages.into_iter().filter_map(rotation).collect()
}

fn stage_of_identity(identity: Option<&Identity>) -> Option<Stage> {
    match identity? {
        Identity::HostKey => None,
        Identity::File { next, .. } => next.as_ref().map(stage_of),
    }
}

fn stage_of<K>(next: &Successor<K>) -> Stage {
    match next {
        Successor { key: None, .. } => Stage::Pending,
        Successor { in_use: false, .. } => Stage::Known,
        Successor { in_use: true, .. } => Stage::InUse,
    }
}
