//! What clients know of caches that exist elsewhere.

use std::collections::BTreeMap;

use super::{Moment, Step, StepKind};
use crate::fleet::{
    CacheUrl, ClientCertificate, ExternalCache, Fleet, Host, HostName, Missing, SecretFile,
};
use crate::key::SigningPublicKey;

/// What a client knows of a cache elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fetching {
    pub(super) url: CacheUrl,
    pub(super) signing_keys: Vec<SigningPublicKey>,
    priority: u16,
    netrc_file: Option<SecretFile>,
    tls: Option<ClientCertificate>,
}

impl Fetching {
    /// The same, whatever the keys of the cache are.
    pub(super) fn without_keys(&self) -> Self {
        Self {
            signing_keys: Vec::new(),
            ..self.clone()
        }
    }
}

/// The caches elsewhere that larder has wired a host to.
pub(super) fn fetches(fleet: &Fleet, host: &Host) -> BTreeMap<HostName, Fetching> {
    let owned = fleet
        .external_caches_of(host)
        .filter(|cache| !cache.is_adopted());
    let wired = owned.filter(|cache| fleet.missing_for_external(cache, host).is_empty());
    let fetching = |cache: &ExternalCache| Fetching {
        url: cache.url.clone(),
        priority: cache.priority_for(host),
        signing_keys: cache.signing_keys.clone(),
        netrc_file: cache.netrc_file.clone(),
        tls: cache.tls.clone(),
    };
    wired
        .map(|cache| (cache.name.clone(), fetching(cache)))
        .collect()
}

/// The key of a cache elsewhere that its clients wait for. Who runs the cache knows it.
#[must_use]
pub fn key_of(fleet: &Fleet, cache: &ExternalCache) -> Option<Step> {
    let waits = |client: &&Host| {
        let missing = fleet.missing_for_external(cache, client);
        missing.contains(&Missing::SigningKey)
    };
    let clients = fleet.external_clients(cache).filter(waits);
    let hosts: Vec<HostName> = clients.map(|client| client.name.clone()).collect();
    let name = &cache.name;
    (!hosts.is_empty()).then(|| Step {
        moment: Moment::KeysAtHand,
        action: StepKind::SetKey,
        text: format!("bring in the signing key of `{name}`: until then no client uses it"),
        hosts,
        commands: vec![format!("larder keys set {name}")],
    })
}
