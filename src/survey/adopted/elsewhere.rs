//! Caches that exist elsewhere, as clients name them by hand.

use crate::fleet::{CacheUrl, store_of};
use crate::key::SigningPublicKey;
use crate::survey::hit::{Spot, Word};
use crate::survey::machine::Machine;

/// A cache elsewhere that hand-written Nix asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdoptedExternal {
    /// Where it is.
    pub url: CacheUrl,
    /// The keys that its clients trust and that bear its name.
    pub signing_keys: Vec<SigningPublicKey>,
    /// Who asks it.
    pub clients: Vec<AdoptedExternalClient>,
}

/// One who asks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdoptedExternalClient {
    /// Its name.
    pub host: String,
    /// The priority in the URL; `None`: the cache says its own.
    pub priority: Option<u16>,
    /// Where the URL stands.
    pub spot: Spot,
}

/// The caches that these machines name, in the order of the machines. What stands under a
/// condition, and what is no URL as the inventory has it, is left alone.
pub(super) fn all(machines: &[(&str, Machine)]) -> Vec<AdoptedExternal> {
    let mut caches: Vec<AdoptedExternal> = Vec::new();
    for (host, machine) in machines {
        for (word, url) in named(machine) {
            let at = caches.iter().position(|one| one.url.store() == url.store());
            let at = at.unwrap_or_else(|| {
                caches.push(AdoptedExternal {
                    url,
                    signing_keys: Vec::new(),
                    clients: Vec::new(),
                });
                caches.len() - 1
            });
            caches[at].add(host, machine, word);
        }
    }
    caches
}

fn named(machine: &Machine) -> impl Iterator<Item = (Word, CacheUrl)> {
    let words = machine.substituters().into_iter().map(|one| one.word);
    let sure = words.filter(|word| word.spot.condition.is_none());
    sure.filter_map(|word| {
        let url = without_priority(&word.text).parse().ok()?;
        Some((word, url))
    })
}

impl AdoptedExternal {
    fn add(&mut self, host: &str, machine: &Machine, word: Word) {
        if self.clients.iter().any(|client| client.host == host) {
            return;
        }
        let trusted = machine.trusted_keys().into_iter();
        let keys = trusted.filter_map(|word| word.text.parse::<SigningPublicKey>().ok());
        for key in keys.filter(|key| bears_name_of(key.name(), &self.url)) {
            if !self
                .signing_keys
                .iter()
                .any(|known| known.name() == key.name())
            {
                self.signing_keys.push(key);
            }
        }
        self.clients.push(AdoptedExternalClient {
            host: host.to_owned(),
            priority: priority(&word.text),
            spot: word.spot,
        });
    }
}

/// `cache.example.org-1` of `https://cache.example.org`, `work` of `https://attic.example.org/work`.
fn bears_name_of(key: &str, url: &CacheUrl) -> bool {
    let without_number = key.trim_end_matches(|c: char| c.is_ascii_digit());
    let name = without_number.strip_suffix('-').unwrap_or(key);
    let last = url.store().rsplit('/').next();
    last.is_some_and(|last| last.eq_ignore_ascii_case(name))
        || url
            .host()
            .is_some_and(|host| host.eq_ignore_ascii_case(name))
}

/// The inventory has a key of its own for the priority.
fn without_priority(url: &str) -> String {
    let query = url
        .split_once('?')
        .map(|(_, query)| query)
        .unwrap_or_default();
    let kept = query
        .split('&')
        .filter(|one| !one.is_empty() && value(one).is_none());
    let kept: Vec<&str> = kept.collect();
    match kept.as_slice() {
        [] => store_of(url).to_owned(),
        kept => format!("{}?{}", store_of(url), kept.join("&")),
    }
}

fn priority(url: &str) -> Option<u16> {
    let (_, query) = url.split_once('?')?;
    query.split('&').find_map(value)?.parse().ok()
}

fn value(param: &str) -> Option<&str> {
    param.strip_prefix("priority=")
}
