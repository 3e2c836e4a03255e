//! The fleet: what the inventory means.
//!
//! A [`Fleet`] is read from `larder.toml` by [`read`] and is then plain data in
//! which every reference has been resolved and every name has checked itself.
//! Edits go the other way, into the text, through [`edit`]: comments and order of
//! the inventory are the user's.
//!
//! What a value defaults to when the inventory is silent is decided here and
//! nowhere else, by the methods of [`Fleet`] and [`Cache`].

mod allowance;
mod cache;
pub mod edit;
mod external_cache;
mod format;
mod host;
mod inventory;
mod jump_host;
mod link;
mod link_override;
mod name;
mod nearest;
mod ready;
mod rotation;
mod schema;
mod secret_file;
mod selector;
mod signing;
mod spans;
mod ssh;
mod successor;
mod tunnel;

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

pub use allowance::{Allowance, Day};
pub use cache::{Cache, Engine, SigningKey, SshdOwner, Wiring};
pub use edit::InventoryEditor;
pub use external_cache::{ClientCertificate, ExternalCache, ExternalLinkOverride};
pub use host::{Host, Identity};
pub use inventory::read;
pub use jump_host::JumpHost;
pub use link::{Link, PUBLIC_PRIORITY};
pub use link_override::LinkOverride;
pub use name::{
    AbsolutePath, Address, CacheUrl, Hop, HostName, NameError, ProxyJump, System, Tag, UrlScheme,
    check_module_path, has_param, host_behind_login, may_have_login, store_of,
};
pub use nearest::nearest;
pub use ready::Missing;
pub use rotation::{KeyKind, Rotation, Stage};
pub use schema::{described_keys, json_schema};
pub use secret_file::{ManagedSecret, SECRET_FORMS, SecretFile, SecretManager};
pub use selector::Selector;
pub use signing::{
    file_beside, is_named_after, public_file_beside, successor_name, successor_secret,
};
pub use spans::Spans;
pub use ssh::{HOST_KEY_FILE, HOST_KEY_PUB, SSH_PORT, SSH_USER, known_host_name};
pub use successor::Successor;

use crate::diagnostic::{Diagnostic, Source};

/// The file at the flake's root that holds the inventory.
pub const INVENTORY: &str = "larder.toml";

/// The machines of one repository and the caches among them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Fleet {
    /// The folder of the owned modules, relative to the flake's: `larder`.
    pub dir: String,
    /// One human module that imports for every host, relative to the flake's
    /// folder; `None`: each host module has its own import.
    pub import: Option<String>,
    /// Every host by name.
    pub hosts: BTreeMap<HostName, Host>,
    /// Every cache by the name of the host that serves it.
    pub caches: BTreeMap<HostName, Cache>,
    /// Every cache that exists elsewhere, by its name, which no host has.
    pub external_caches: BTreeMap<HostName, ExternalCache>,
    /// The jump hosts that are no hosts of the fleet, by their addresses.
    pub jump_hosts: BTreeMap<Address, JumpHost>,
    /// What lint does not report.
    pub allowances: Vec<Allowance>,
    /// The text that this was read from.
    #[serde(skip)]
    pub source: Source,
    /// Where in that text things stand.
    #[serde(skip)]
    pub spans: Spans,
}

impl Fleet {
    /// A fleet without machines: what an empty inventory means.
    pub fn empty() -> Self {
        Self {
            dir: "larder".to_owned(),
            import: None,
            hosts: BTreeMap::new(),
            caches: BTreeMap::new(),
            external_caches: BTreeMap::new(),
            jump_hosts: BTreeMap::new(),
            allowances: Vec::new(),
            source: Source::new(INVENTORY, "version = 1\n"),
            spans: Spans::default(),
        }
    }

    /// The same fleet, as read from this text: one that was kept has none.
    #[must_use]
    pub fn with_source(self, source: &Source) -> Self {
        Self {
            source: source.clone(),
            spans: Spans::of(source.text.clone()),
            ..self
        }
    }

    /// The host of this name.
    ///
    /// # Errors
    /// When there is none, with the name that was probably meant.
    pub fn require_host(&self, name: &str) -> Result<&Host, Diagnostic> {
        let missing = || self.nobody("unknown-host", "host", name, self.hosts.keys());
        self.hosts.get(name).ok_or_else(missing)
    }

    /// The cache that the host of this name serves.
    ///
    /// # Errors
    /// When there is none, with the name that was probably meant.
    pub fn require_cache(&self, name: &str) -> Result<&Cache, Diagnostic> {
        let missing = || match self.external_caches.get(name) {
            Some(cache) => self.elsewhere(cache),
            None => self.nobody("unknown-cache", "cache", name, self.caches.keys()),
        };
        self.caches.get(name).ok_or_else(missing)
    }

    /// What only a host of the fleet can do is asked of a cache that none serves.
    fn elsewhere(&self, cache: &ExternalCache) -> Diagnostic {
        let name = &cache.name;
        let message = format!("`{name}` exists elsewhere: no host of the fleet serves it");
        Diagnostic::error("cache-elsewhere", message)
            .at(&self.source, cache.range.clone(), "")
            .about(name.as_str())
            .help(format!(
                "where its key changes, clients trust both for a while: `signing-key = [\"…\", \"…\"]` under `[caches.{name}]`"
            ))
    }

    /// The names of all caches: of those that hosts serve, then of those that exist elsewhere.
    pub fn cache_names(&self) -> impl Iterator<Item = &HostName> + Clone {
        self.caches.keys().chain(self.external_caches.keys())
    }

    /// Says whether there is a cache of this name, of whichever kind.
    ///
    /// # Errors
    /// When there is none, with the name that was probably meant.
    pub fn require_cache_of_any_kind(&self, name: &str) -> Result<(), Diagnostic> {
        let mut names = self.cache_names();
        if names.any(|one| one.as_str() == name) {
            return Ok(());
        }
        Err(self.nobody("unknown-cache", "cache", name, self.cache_names()))
    }

    /// The bytes of the inventory that a path of keys leads to: of a value, of an
    /// entry of a list (`"0"` is the first), or of a table's header. `None` if the
    /// inventory is silent there.
    pub fn span(&self, path: &[&str]) -> Option<Range<usize>> {
        let header = match path {
            ["hosts", name, _] => self.hosts.get(*name).map(|host| &host.range),
            ["caches", name, _] => self.caches.get(*name).map(|cache| &cache.range),
            _ => None,
        };
        self.spans.get(path, header)
    }

    /// The hosts that read from a cache, by name: its `clients` less `except`,
    /// never the serving host itself.
    pub fn clients<'a>(&'a self, cache: &'a Cache) -> impl Iterator<Item = &'a Host> {
        self.hosts.values().filter(move |host| cache.serves(host))
    }

    /// The caches that a host reads from, by name.
    pub fn caches_of<'a>(&'a self, host: &'a Host) -> impl Iterator<Item = &'a Cache> {
        self.caches.values().filter(move |cache| cache.serves(host))
    }

    /// The host that serves a cache.
    ///
    /// # Panics
    /// Never for a fleet that [`read`](crate::fleet) made: a cache without a
    /// host is an error there.
    pub fn server(&self, cache: &Cache) -> &Host {
        self.hosts
            .get(&cache.host)
            .expect("reading the inventory refuses a cache without its host")
    }

    /// How a client reaches a cache, with every default filled in.
    pub fn link<'a>(&'a self, cache: &'a Cache, client: &'a Host) -> Link<'a> {
        Link::new(self, cache, client)
    }

    /// The key with which a client logs in at a cache: the host's own word, else
    /// the cache's.
    pub fn identity<'a>(&self, cache: &'a Cache, client: &'a Host) -> &'a Identity {
        client.identity.as_ref().unwrap_or(&cache.identity)
    }

    fn nobody<'a>(
        &self,
        code: &'static str,
        what: &str,
        name: &str,
        known: impl Iterator<Item = &'a HostName> + Clone,
    ) -> Diagnostic {
        let shown = name.escape_debug();
        let message = format!("no {what} `{shown}` in `{}`", self.source.path);
        let problem = Diagnostic::error(code, message).about(name);
        match nearest(name, known.clone().map(HostName::as_str)) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help(format!("the {what}s there are: {}", some_of(known))),
        }
    }
}

/// The first few of these names, for a message.
pub fn some_of(names: impl IntoIterator<Item = impl std::fmt::Display>) -> String {
    const SHOWN: usize = 12;
    let mut words: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    if words.is_empty() {
        return "none yet".to_owned();
    }
    if words.len() > SHOWN {
        let more = words.len() - SHOWN;
        words.truncate(SHOWN);
        words.push(format!("and {more} more"));
    }
    words.join(", ")
}
