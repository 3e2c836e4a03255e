//! Whose key of which kind is changed, and how far that is.

use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{Cache, Fleet, Host, HostName, Identity, KeyKind, Stage, Successor, Wiring};
use crate::key::{Algorithm, PastedKey, PublicKey};
use crate::steps;

/// One key of the fleet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) kind: KeyKind,
    pub(super) name: HostName,
    /// How far the change is; `None`: it has not begun.
    pub(super) stage: Option<Stage>,
    /// The machine makes the new key by itself, and puts it in the old one's place.
    pub(super) is_made: bool,
}

impl Target {
    /// The key of this kind that a host or cache has.
    pub(super) fn of(
        fleet: &Fleet,
        kind: KeyKind,
        name: &HostName,
        is_shared: bool,
    ) -> Result<Self, Stop> {
        let host = fleet.require_host(name)?;
        let cache = fleet.caches.get(name);
        let kind = match kind {
            KeyKind::Identity if is_shared || own_file(host).is_none() => {
                shared_or_own(fleet, host, is_shared)?
            }
            kind => kind,
        };
        refuse_hand_wiring(fleet, kind, host, cache)?;
        let target = Self {
            kind,
            name: name.clone(),
            stage: fleet.stage(kind, name),
            is_made: is_made(fleet, kind, host, cache),
        };
        if target.old_key(fleet).is_none() {
            return Err(target.not_known_yet());
        }
        Ok(target)
    }

    /// The key that is to go.
    pub(super) fn old_key(&self, fleet: &Fleet) -> Option<PastedKey> {
        if self.kind == KeyKind::Signing {
            let cache = fleet.caches.get(&self.name)?;
            return cache.signing_key.known().cloned().map(PastedKey::Signing);
        }
        self.ssh_keys(fleet)?.0.map(PastedKey::Ssh)
    }

    /// The key that takes its place, once it is known.
    pub(super) fn next_key(&self, fleet: &Fleet) -> Option<PastedKey> {
        if self.kind == KeyKind::Signing {
            let next = fleet.caches.get(&self.name)?.next_signing_key.as_ref()?;
            return next.key.clone().map(PastedKey::Signing);
        }
        self.ssh_keys(fleet)?.1?.key.map(PastedKey::Ssh)
    }

    /// The two SSH keys.
    pub(super) fn ssh_keys(
        &self,
        fleet: &Fleet,
    ) -> Option<(Option<PublicKey>, Option<Successor<PublicKey>>)> {
        let host = fleet.hosts.get(&self.name)?;
        let identity = match self.kind {
            KeyKind::HostKey => return Some((host.host_key.clone(), host.next_host_key.clone())),
            KeyKind::SharedIdentity => &fleet.caches.get(&self.name)?.identity,
            KeyKind::Identity | KeyKind::Signing => host.identity.as_ref()?,
        };
        match identity {
            Identity::File { key, next, .. } => Some((key.clone(), next.clone())),
            Identity::HostKey => None,
        }
    }

    /// True if there is a step in which the machine goes over to the new key. Where a person
    /// puts the new key in the old one's place, that is no change of the repository.
    pub(super) fn has_use_step(&self) -> bool {
        self.is_made || self.kind == KeyKind::Signing
    }

    /// Somebody has taken a step since this one was worked out.
    pub(super) fn refuse_if_moved(&self, fleet: &Fleet) -> Result<(), Stop> {
        if fleet.stage(self.kind, &self.name) == self.stage && self.old_key(fleet).is_some() {
            return Ok(());
        }
        let message = format!(
            "the {} of `{}` has been changed meanwhile",
            self.kind, self.name
        );
        Err(self
            .refusal("rotation-moved", message)
            .help("look again: `larder rotate`")
            .into())
    }

    pub(super) fn known_already(&self) -> Stop {
        let message = format!("the new {} of `{}` is known already", self.kind, self.name);
        let command = self.kind.command(&self.name);
        self.refusal("rotation-key-known", message)
            .help(format!("for the next step: `{command}`"))
            .help("for another new key, first go back with `--abort`")
            .into()
    }

    /// The public half has to be given.
    pub(super) fn needs_key(&self, how_to_make: Vec<String>) -> Stop {
        let (kind, name) = (self.kind, &self.name);
        let message = format!("the new public {kind} of `{name}` is not given");
        let problem = self.refusal("rotation-key-missing", message);
        let problem = how_to_make.into_iter().fold(problem, Diagnostic::help);
        problem
            .help(format!("give it: `{} KEY`", kind.command(name)))
            .into()
    }

    /// The machine has made it, or has still to, and it cannot be read there.
    pub(super) fn not_fetched(&self, fleet: &Fleet, why: &str) -> Stop {
        let (kind, name) = (self.kind, &self.name);
        let message = format!("the new public {kind} of `{name}` cannot be fetched");
        let file = steps::new_public_file(fleet, kind, name);
        self.refusal("rotation-key-missing", message)
            .help(format!("`{name}` {why}"))
            .help(format!(
                "or give it, as it is in `{file}` there: `{} KEY`",
                kind.command(name)
            ))
            .into()
    }

    /// An error about the change of this key.
    pub(super) fn refusal(&self, code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(code, message).about(self.name.to_string())
    }

    fn not_known_yet(&self) -> Stop {
        let message = format!("the {} of `{}` is not known yet", self.kind, self.name);
        let flag = match self.kind {
            KeyKind::Identity => "--identity ",
            _ => "",
        };
        self.refusal("rotation-nothing-known", message)
            .help(format!(
                "bring it in first: `larder keys set {} {flag}KEY`",
                self.name
            ))
            .into()
    }
}

fn own_file(host: &Host) -> Option<&Identity> {
    let own = host.identity.as_ref();
    own.filter(|identity| matches!(identity, Identity::File { .. }))
}

/// The key of a cache's clients is given by the cache's name, unless its host has one itself.
fn shared_or_own(fleet: &Fleet, host: &Host, is_shared: bool) -> Result<KeyKind, Stop> {
    let name = &host.name;
    let cache = fleet.caches.get(name);
    let shared = cache.filter(|cache| matches!(cache.identity, Identity::File { make: false, .. }));
    if shared.is_some() {
        return Ok(KeyKind::SharedIdentity);
    }
    let makes_its_own = |cache: &Cache| matches!(cache.identity, Identity::File { make: true, .. });
    if !is_shared && fleet.caches_of(host).any(makes_its_own) {
        return Ok(KeyKind::Identity);
    }
    let message = if is_shared {
        format!("the clients of `{name}` share no login key")
    } else {
        format!("`{name}` logs in with its SSH host key")
    };
    let problem = Diagnostic::error("identity-is-host-key", message).about(name.to_string());
    let problem = problem.help(format!(
        "to change that one: `larder rotate host-key {name}`"
    ));
    Err(problem.into())
}

/// What people wired by hand larder does not write: they would have two keys in the inventory
/// and one on the machines.
fn refuse_hand_wiring(
    fleet: &Fleet,
    kind: KeyKind,
    host: &Host,
    cache: Option<&Cache>,
) -> Result<(), Stop> {
    let uses = fleet
        .caches_of(host)
        .filter(|_| matches!(kind, KeyKind::HostKey | KeyKind::Identity));
    let own = cache.filter(|_| kind != KeyKind::Identity);
    let mut concerned = uses.chain(own);
    let Some(by_hand) = concerned.find(|cache| cache.wiring == Wiring::Adopted) else {
        return Ok(());
    };
    let message = format!("`{}` is wired by hand, and its keys with it", by_hand.host);
    Err(Diagnostic::error("rotation-by-hand", message)
        .about(by_hand.host.to_string())
        .help("let larder write the wiring first: `larder sync --take-over`")
        .into())
}

/// True if a unit of the wiring makes the new key and puts it in place.
fn is_made(fleet: &Fleet, kind: KeyKind, host: &Host, cache: Option<&Cache>) -> bool {
    let takes_part = cache.is_some() || fleet.caches_of(host).next().is_some();
    let is_wired = fleet.has_module(host) && takes_part;
    match kind {
        KeyKind::Signing => is_wired && cache.is_some_and(Cache::makes_signing_key),
        // The unit makes ed25519 keys. One of another type somebody changes there.
        KeyKind::HostKey => {
            let old = host.host_key.as_ref();
            is_wired && old.is_none_or(|key| key.algorithm() == Algorithm::Ed25519)
        }
        KeyKind::Identity => {
            is_wired && matches!(host.identity, Some(Identity::File { make: true, .. }))
        }
        KeyKind::SharedIdentity => false,
    }
}
