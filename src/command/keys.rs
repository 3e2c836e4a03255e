//! `keys`: the public keys of the fleet.

use clap::{Args, Subcommand};

use super::plan_builder::PlanBuilder;
use super::reconcile::reconcile;
use super::{
    Ask, LocalKey, Question, Verb, Writing, answers, host_keys, left_keys, notes, pasted_key,
    signing_key, which,
};
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{Cache, Fleet, Host, HostName, Identity, InventoryEditor, KeyKind, SigningKey};
use crate::key::{PastedKey, PublicKey, SigningPublicKey};
use crate::plan::Plan;
use crate::project::Project;
use crate::steps::{self, Step};

/// List or set the public keys of the fleet
#[derive(Debug, Args)]
pub struct Keys {
    /// What to do with them
    #[command(subcommand)]
    pub action: Action,
}

/// What to do with keys.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Show which public keys are known, and which are missing
    List,
    /// Bring a public key into the inventory
    Set(Writing<SetKey>),
}

/// Set a public key in the inventory
///
/// Clients and caches that waited for the key are set up in the same commit. A known key is replaced only with
/// `--replace`.
#[derive(Debug, Args)]
pub struct SetKey {
    /// The host that the key belongs to
    host: Option<HostName>,
    /// The key itself, a file with it, or - for standard input
    #[arg(value_name = "KEY|FILE|-")]
    key: Option<String>,
    /// The key is the one with which the host logs in at caches
    #[arg(long, conflicts_with = "signing_key")]
    identity: bool,
    /// The key is the one with which the host signs what it builds (NAME:BASE64)
    #[arg(long)]
    signing_key: bool,
    /// Replace the key that is known
    #[arg(long)]
    replace: bool,
}

/// `keys set` with no question left open.
#[derive(Debug)]
pub struct Request {
    host: HostName,
    key: NewKey,
    replace: bool,
    local_keys: Vec<LocalKey>,
}

#[derive(Debug)]
enum NewKey {
    Host(PublicKey),
    Identity(PublicKey),
    Signing(SigningPublicKey),
}

const WHICH: Question<'static> = Question {
    text: "whose key?",
    flag: "larder keys set HOST KEY|FILE",
};

impl Verb for SetKey {
    type Request = Request;

    const NAME: &'static str = "keys set";

    fn complete(self, project: &Project, ask: &mut dyn Ask) -> Result<Request, Stop> {
        let fleet = project.fleet()?;
        let lacks_a_key = |name: &HostName| which::lacks_a_key(fleet, name);
        let given = self.host.clone();
        let host = which::host(fleet, given, WHICH, |_| true, lacks_a_key, ask)?;
        let key = match &self.key {
            Some(key) => self.new_key(ask, key)?,
            None => self.ask_for_key(&host, ask)?,
        };
        Ok(Request {
            host,
            key,
            replace: self.replace,
            local_keys: left_keys::look(self.replace, ask)?,
        })
    }

    fn plan(project: &Project, request: &Request) -> Result<Plan, Stop> {
        let name = &request.host;
        let fleet = project.fleet()?;
        let mut builder = PlanBuilder::of(project);
        let mut inventory = InventoryEditor::open(&fleet.source).map_err(Stop::Refused)?;
        match &request.key {
            NewKey::Host(key) => inventory.set_host(&with_host_key(fleet, request, key)?)?,
            NewKey::Identity(key) => inventory.set_host(&with_identity(fleet, request, key)?)?,
            NewKey::Signing(key) => inventory.set_cache(&with_signing(fleet, request, key)?)?,
        }
        let new = builder.write_inventory(inventory.text().to_owned())?;
        reconcile(&mut builder, fleet, &new)?;
        let mut plan = builder.finish(format!("larder: set the {} of {name}", request.key.words()));
        plan.notes = notes::obstacles_of_clients(&new, name);
        plan.notes.extend(notes::obstacles_of_host(&new, name));
        plan.steps = steps(fleet, &new, name);
        let local = &request.local_keys;
        plan.notes
            .extend(left_keys::note(project, local, fleet, &new));
        Ok(plan)
    }
}

impl SetKey {
    /// The form of a key tells its kind; only an SSH key may be one of two.
    fn new_key(&self, ask: &mut dyn Ask, key: &str) -> Result<NewKey, Stop> {
        if self.signing_key {
            return Ok(NewKey::Signing(pasted_key::signing(ask, key)?));
        }
        if self.identity {
            return Ok(NewKey::Identity(pasted_key::ssh(ask, key)?));
        }
        Ok(match pasted_key::any(ask, key)? {
            PastedKey::Ssh(key) => NewKey::Host(key),
            PastedKey::Signing(key) => NewKey::Signing(key),
        })
    }

    fn ask_for_key(&self, host: &HostName, ask: &mut dyn Ask) -> Result<NewKey, Stop> {
        let which = match (self.signing_key, self.identity) {
            (true, _) => format!("the public signing key of `{host}`"),
            (_, true) => format!("the public key with which `{host}` logs in"),
            _ => format!("the public SSH host key or signing key of `{host}`"),
        };
        let question = Question {
            text: &format!("{which} (the key, or a file)"),
            flag: &format!("larder keys set {host} KEY|FILE"),
        };
        answers::asked(ask, question, |ask, line| self.new_key(ask, line))
    }
}

impl NewKey {
    fn words(&self) -> &'static str {
        match self {
            Self::Host(_) => "host key",
            Self::Identity(_) => "identity key",
            Self::Signing(_) => "signing key",
        }
    }
}

fn with_host_key(fleet: &Fleet, request: &Request, key: &PublicKey) -> Result<Host, Stop> {
    let mut host = fleet.require_host(&request.host)?.clone();
    refuse_changing(fleet, &request.host, KeyKind::HostKey)?;
    refuse_replacing(request, host.host_key.as_ref(), key)?;
    host_keys::refuse_anothers(fleet, &request.host, key)?;
    host.host_key = Some(key.clone());
    Ok(host)
}

/// The host's own word about its identity, with this public half.
fn with_identity(fleet: &Fleet, request: &Request, key: &PublicKey) -> Result<Host, Stop> {
    let mut host = fleet.require_host(&request.host)?.clone();
    let of_cache = fleet.caches_of(&host).map(|cache| &cache.identity);
    let is_file = |identity: &&Identity| matches!(identity, Identity::File { .. });
    let identity = host.identity.iter().chain(of_cache).find(is_file).cloned();
    let Some(Identity::File {
        path,
        key: known,
        make,
        ..
    }) = identity
    else {
        return Err(uses_host_key(&request.host));
    };
    refuse_changing(fleet, &request.host, KeyKind::Identity)?;
    refuse_replacing(request, known.as_ref(), key)?;
    host.identity = Some(Identity::File {
        path,
        key: Some(key.clone()),
        next: None,
        make,
    });
    Ok(host)
}

fn with_signing(fleet: &Fleet, request: &Request, key: &SigningPublicKey) -> Result<Cache, Stop> {
    let mut cache = fleet.require_cache(&request.host)?.clone();
    refuse_changing(fleet, &request.host, KeyKind::Signing)?;
    let known = match &cache.signing_key {
        SigningKey::Known(known) => Some(known),
        SigningKey::Pending => None,
    };
    refuse_replacing(request, known, key)?;
    signing_key::assign(&mut cache, key.clone());
    Ok(cache)
}

/// A key that is being changed has two places, and its own steps.
fn refuse_changing(fleet: &Fleet, name: &HostName, kind: KeyKind) -> Result<(), Stop> {
    if fleet.stage(kind, name).is_none() {
        return Ok(());
    }
    let message = format!("the {kind} of `{name}` is being changed");
    Err(Diagnostic::error("rotation-under-way", message)
        .about(name.to_string())
        .help("see `larder rotate`: it says what comes next")
        .into())
}

fn refuse_replacing<K: PartialEq>(
    request: &Request,
    known: Option<&K>,
    new: &K,
) -> Result<(), Stop> {
    if request.replace || known.is_none_or(|known| known == new) {
        return Ok(());
    }
    let name = &request.host;
    let message = format!("`{name}` already has a different {}", request.key.words());
    Err(Diagnostic::error("key-known", message)
        .about(name.to_string())
        .help("until every machine has been switched, those that know only the other key cannot use it")
        .help("to replace it all the same: `--replace`")
        .into())
}

fn uses_host_key(name: &HostName) -> Stop {
    let said = format!("`{name}` logs in with its SSH host key");
    Diagnostic::error("identity-is-host-key", said)
        .about(name.to_string())
        .help(format!("to set that one: `larder keys set {name} KEY`"))
        .into()
}

/// What the key opens, and what is still missing beside it.
fn steps(before: &Fleet, after: &Fleet, name: &HostName) -> Vec<Step> {
    let mut all = steps::between(before, after, None);
    all.extend(steps::keys_of_cache(after, name));
    all.extend(steps::keys_of_host(after, name));
    steps::in_order(all)
}

/// One line of `keys list`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct KnownKey {
    /// The host that it belongs to.
    pub host: String,
    /// `host-key`, `identity` or `signing-key`; with `new` before it while it changes.
    pub kind: &'static str,
    /// The key; `None`: missing or pending.
    pub key: Option<String>,
    /// Its fingerprint, for SSH keys.
    pub fingerprint: Option<String>,
}

/// Every key that the fleet has or needs, by host.
pub fn list(fleet: &Fleet) -> Vec<KnownKey> {
    fleet
        .hosts
        .values()
        .flat_map(|host| of_host(fleet, host))
        .collect()
}

fn of_host(fleet: &Fleet, host: &Host) -> Vec<KnownKey> {
    let mut keys = Vec::new();
    if host.host_key.is_some() || needs_host_key(fleet, host) {
        keys.push(ssh_key(host, "host-key", host.host_key.as_ref()));
    }
    let next = host.next_host_key.as_ref();
    keys.extend(next.map(|next| ssh_key(host, "new host-key", next.key.as_ref())));
    if let Some(Identity::File { key, next, .. }) = own_identity(fleet, host) {
        keys.push(ssh_key(host, "identity", key.as_ref()));
        let next = next.as_ref();
        keys.extend(next.map(|next| ssh_key(host, "new identity", next.key.as_ref())));
    }
    if let Some(cache) = fleet.caches.get(&host.name) {
        if let Identity::File { key, .. } = &cache.identity
            && (key.is_some() || !each_makes_its_own(&cache.identity))
        {
            keys.push(ssh_key(host, "clients' identity", key.as_ref()));
        }
        if let Identity::File {
            next: Some(next), ..
        } = &cache.identity
        {
            keys.push(ssh_key(host, "clients' new identity", next.key.as_ref()));
        }
        keys.push(signing(host, "signing-key", cache.signing_key.known()));
        let next = cache.next_signing_key.as_ref();
        keys.extend(next.map(|next| signing(host, "new signing-key", next.key.as_ref())));
    }
    keys
}

/// The key with which a host logs in, where that is its alone: it has one of its own, or
/// makes the one that a cache has its clients make.
fn own_identity<'f>(fleet: &'f Fleet, host: &'f Host) -> Option<&'f Identity> {
    let of_caches = fleet.caches_of(host).map(|cache| &cache.identity);
    let mut of_caches = of_caches.filter(|identity| each_makes_its_own(identity));
    host.identity.as_ref().or_else(|| of_caches.next())
}

fn each_makes_its_own(identity: &Identity) -> bool {
    matches!(identity, Identity::File { make: true, .. })
}

/// True unless the host only reads from caches, at which it logs in with other keys.
fn needs_host_key(fleet: &Fleet, host: &Host) -> bool {
    let mut identities = fleet
        .caches_of(host)
        .map(|cache| fleet.identity(cache, host));
    let is_client = fleet.caches_of(host).next().is_some();
    fleet.caches.contains_key(&host.name)
        || !is_client
        || identities.any(|identity| *identity == Identity::HostKey)
}

fn ssh_key(host: &Host, kind: &'static str, key: Option<&PublicKey>) -> KnownKey {
    KnownKey {
        host: host.name.to_string(),
        kind,
        key: key.map(ToString::to_string),
        fingerprint: key.map(PublicKey::fingerprint),
    }
}

fn signing(host: &Host, kind: &'static str, key: Option<&SigningPublicKey>) -> KnownKey {
    KnownKey {
        host: host.name.to_string(),
        kind,
        key: key.map(ToString::to_string),
        fingerprint: None,
    }
}
