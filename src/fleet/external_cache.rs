//! A cache that exists elsewhere: no host of the fleet serves it.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::format::external_cache::{NETRC_FILE, TLS_CERTIFICATE, TLS_PRIVATE_KEY};
use super::link::{LinkDistance, priority_of};
use super::{CacheUrl, Fleet, Host, HostName, Missing, SecretFile, Selector, Wiring};
use crate::diagnostic::Diagnostic;
use crate::key::SigningPublicKey;

/// A cache that others run, and that hosts of the fleet read from by its URL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalCache {
    /// Its name in the inventory: of the form of a host's, and never that of a host.
    pub name: HostName,
    /// Where it is.
    pub url: CacheUrl,
    /// Who reads from it.
    pub clients: Vec<Selector>,
    /// Who of those does not.
    pub except: Vec<Selector>,
    /// The clients are on its local network: asked before cache.nixos.org.
    pub lan: bool,
    /// The substituter's priority, where the user sets a number; lower is asked first.
    pub priority: Option<u16>,
    /// The public halves of the keys that sign what it has; none: not known yet.
    pub signing_keys: Vec<SigningPublicKey>,
    /// The file of a client with the login and the password; `None`: it asks for none.
    pub netrc_file: Option<SecretFile>,
    /// With what a client shows who it is; `None`: the cache does not ask.
    pub tls: Option<ClientCertificate>,
    /// Who writes its wiring.
    pub wiring: Wiring,
    /// Where the link of one client differs from the others'.
    pub link_overrides: BTreeMap<HostName, ExternalLinkOverride>,
    /// The bytes of its header in the inventory.
    pub range: Range<usize>,
}

/// The certificate of a client, and the private key for it: files of the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientCertificate {
    /// The file of the certificate.
    pub certificate: SecretFile,
    /// The file of its private key.
    pub private_key: SecretFile,
}

/// What the inventory says of one client's link alone: `[caches.CACHE.link.CLIENT]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalLinkOverride {
    /// This client is on the cache's local network, or is not.
    pub lan: Option<bool>,
    /// The substituter's priority for this client.
    pub priority: Option<u16>,
}

impl ExternalCache {
    /// A cache of which nothing but name and URL is known: no clients yet, and every default.
    pub fn of(name: HostName, url: CacheUrl) -> Self {
        Self {
            name,
            url,
            clients: Vec::new(),
            except: Vec::new(),
            lan: false,
            priority: None,
            signing_keys: Vec::new(),
            netrc_file: None,
            tls: None,
            wiring: Wiring::default(),
            link_overrides: BTreeMap::new(),
            range: 0..0,
        }
    }

    /// True if the host is a client of this cache.
    pub fn serves(&self, host: &Host) -> bool {
        self.clients.iter().any(|one| one.matches(host))
            && !self.except.iter().any(|one| one.matches(host))
    }

    /// True if people wired it by hand: larder judges it and generates nothing.
    pub fn is_adopted(&self) -> bool {
        self.wiring == Wiring::Adopted
    }

    /// The files of a client that let it in, each with its key in the inventory.
    pub fn login_files(&self) -> Vec<(&'static str, &SecretFile)> {
        let netrc = self.netrc_file.iter();
        let netrc = netrc.map(|file| (NETRC_FILE.name, file));
        let tls = self.tls.iter().flat_map(|tls| {
            [
                (TLS_CERTIFICATE.name, &tls.certificate),
                (TLS_PRIVATE_KEY.name, &tls.private_key),
            ]
        });
        netrc.chain(tls).collect()
    }

    /// The priority with which clients ask it, unless a client's own way differs.
    pub fn usual_priority(&self) -> u16 {
        self.priority.unwrap_or_else(|| {
            priority_of(LinkDistance {
                lan: self.lan,
                is_away_at_times: false,
            })
        })
    }

    /// The priority with which a client asks it; lower is asked first.
    pub fn priority_for(&self, client: &Host) -> u16 {
        let own = self.link_overrides.get(&client.name);
        let own = own.cloned().unwrap_or_default();
        let distance = LinkDistance {
            lan: own.lan.unwrap_or(self.lan),
            is_away_at_times: client.roaming && own.lan.is_none(),
        };
        let by_distance = priority_of(distance);
        own.priority.or(self.priority).unwrap_or(by_distance)
    }
}

impl Fleet {
    /// Says so where a cache elsewhere has this name: no host can have it then.
    ///
    /// # Errors
    /// When one has.
    pub fn refuse_name_of_external(&self, name: &HostName) -> Result<(), Diagnostic> {
        let Some(cache) = self.external_caches.get(name) else {
            return Ok(());
        };
        let message = format!("`{name}` is a cache that exists elsewhere");
        Err(Diagnostic::error("cache-name-taken", message)
            .at(&self.source, cache.range.clone(), "this one")
            .about(name.as_str())
            .help("choose another name for the host, or for the cache"))
    }

    /// The hosts that read from a cache elsewhere, by name.
    pub fn external_clients<'a>(
        &'a self,
        cache: &'a ExternalCache,
    ) -> impl Iterator<Item = &'a Host> {
        self.hosts.values().filter(move |host| cache.serves(host))
    }

    /// The caches elsewhere that a host reads from, by name.
    pub fn external_caches_of<'a>(
        &'a self,
        host: &'a Host,
    ) -> impl Iterator<Item = &'a ExternalCache> {
        let caches = self.external_caches.values();
        caches.filter(move |cache| cache.serves(host))
    }

    /// What is missing before a client can be wired to a cache elsewhere; empty: wired.
    ///
    /// An adopted cache is wired by hand and lacks nothing here.
    pub fn missing_for_external(&self, cache: &ExternalCache, client: &Host) -> Vec<Missing> {
        if cache.is_adopted() {
            return Vec::new();
        }
        let checks = [
            (Missing::SigningKey, cache.signing_keys.is_empty()),
            (
                Missing::ClientModule,
                client.nixos && !self.has_module(client),
            ),
        ];
        let missing = checks.into_iter().filter(|(_, is_missing)| *is_missing);
        missing.map(|(what, _)| what).collect()
    }
}
