//! The stores that a host asks, in Nix's order.

use super::asked::{Asked, Fact};
use super::{off, place, wired};
use crate::command::hand_made;
use crate::fleet::{Cache, ExternalCache, Fleet, Host, HostName, Link, PUBLIC_PRIORITY, store_of};
use crate::key::SigningPublicKey;
use crate::lint::Answer;
use crate::project::Project;
use crate::survey::{Machine, StoreUrl};
use crate::text::without_passwords;

/// What everybody asks unless told otherwise.
const PUBLIC: &str = "https://cache.nixos.org";

/// The stores in order: by priority, then as they are listed. A store whose priority only it
/// knows comes last.
pub(super) fn of_host(
    project: &Project,
    fleet: &Fleet,
    host: &Host,
    nix: Option<&Answer>,
) -> Vec<Asked> {
    let machine = project.host_survey().machine(host).unwrap_or_default();
    let wired = fleet.caches_of(host);
    let wired = wired.filter(|cache| !cache.is_adopted() && fleet.missing(cache, host).is_empty());
    let links: Vec<Link<'_>> = wired.map(|cache| fleet.link(cache, host)).collect();
    let elsewhere = fleet.external_caches_of(host);
    let is_wired = |cache: &&ExternalCache| {
        !cache.is_adopted() && fleet.missing_for_external(cache, host).is_empty()
    };
    let elsewhere: Vec<&ExternalCache> = elsewhere.filter(is_wired).collect();
    let has_wiring = !links.is_empty() || !elsewhere.is_empty();
    let client = AskingHost {
        falls_back: falls_back(&machine, has_wiring, nix),
        elsewhere,
        fleet,
        host,
        machine,
        links,
    };
    let mut asked = match nix.and_then(Answer::substituters) {
        Some(urls) => urls.iter().map(|url| client.of_url(url)).collect(),
        None => client.in_files(),
    };
    if let Some(trusted) = nix.and_then(Answer::trusted_keys) {
        for one in &mut asked {
            client.check_trust(one, &trusted);
        }
    }
    asked.sort_by_key(|one| one.priority.unwrap_or(u32::MAX));
    asked
}

/// A host, and what it asks.
struct AskingHost<'f> {
    fleet: &'f Fleet,
    host: &'f Host,
    machine: Machine,
    /// The caches that larder has wired.
    links: Vec<Link<'f>>,
    /// The caches elsewhere that larder has wired.
    elsewhere: Vec<&'f ExternalCache>,
    falls_back: bool,
}

impl AskingHost<'_> {
    /// What larder wires, what people's own files say, and the public cache.
    fn in_files(&self) -> Vec<Asked> {
        let links = self.links.iter();
        let own = links.map(|link| wired::of_link(self.fleet, link, self.falls_back));
        let elsewhere = self.elsewhere.iter().map(|cache| self.of_external(cache));
        let mut asked: Vec<Asked> = own.chain(elsewhere).collect();
        for substituter in self.machine.substituters() {
            let url = &substituter.word.text;
            if !asked.iter().any(|one| one.url == without_passwords(url)) {
                asked.push(self.of_url(url));
            }
        }
        if !asked.iter().any(|one| is_public(&one.url)) {
            asked.push(self.of_url(PUBLIC));
        }
        asked
    }

    /// The store of a URL, which may be that of one of the links.
    fn of_url(&self, url: &str) -> Asked {
        let store = StoreUrl::parse(url);
        let is_its = |link: &&Link<'_>| {
            let host = store.as_ref().map_or("", |store| &store.host);
            link.is_tunnel_url(url) || link.is_store_host(host)
        };
        if let Some(link) = self.links.iter().find(is_its) {
            return Asked {
                url: without_passwords(url).into_owned(),
                ..wired::of_link(self.fleet, link, self.falls_back)
            };
        }
        let is_its = |cache: &&&ExternalCache| store_of(url) == cache.url.store();
        if let Some(cache) = self.elsewhere.iter().find(is_its) {
            return Asked {
                url: without_passwords(url).into_owned(),
                ..self.of_external(cache)
            };
        }
        let adopted = store.as_ref().and_then(|store| self.adopted(store));
        let mut by = vec![self.listed(url)];
        by.extend(adopted.map(|cache| wired::signs(self.fleet, cache)));
        let mut by_hand = self.fleet.external_caches_of(self.host);
        let by_hand = by_hand.find(|cache| is_its(&cache));
        by.extend(by_hand.map(|cache| wired::signs_external(self.fleet, cache)));
        let name = adopted.map(|cache| &cache.host);
        Asked {
            cache: name.or(by_hand.map(|cache| &cache.name)).cloned(),
            url: without_passwords(url).into_owned(),
            priority: priority_of(url, store.as_ref()),
            by,
            when_off: off::another(store.is_some(), self.falls_back),
        }
    }

    fn of_external(&self, cache: &ExternalCache) -> Asked {
        wired::of_external(self.fleet, cache, self.host, self.falls_back)
    }

    /// What Nix does not trust is of no use, whatever the inventory says.
    fn check_trust(&self, asked: &mut Asked, trusted: &[String]) {
        let is_its = |name: &HostName| Some(name) == asked.cache.as_ref();
        let mut links = self.links.iter();
        let link = links.find(|link| is_its(&link.cache.host));
        let mut elsewhere = self.elsewhere.iter();
        let elsewhere = elsewhere.find(|cache| is_its(&cache.name));
        let is_lost = |key: &SigningPublicKey| !trusted.contains(&key.to_string());
        let keys = link
            .map(|link| link.cache.trusted_keys())
            .into_iter()
            .flatten();
        let mut keys = keys.chain(elsewhere.iter().flat_map(|cache| &cache.signing_keys));
        if keys.any(is_lost) {
            let lost = "no: `nix.settings.trusted-public-keys` lacks the key".to_owned();
            asked.by.push(Fact::of("trusted", lost));
        }
    }

    /// The line that names a URL.
    fn listed(&self, url: &str) -> Fact {
        let words = self.machine.substituters().into_iter().map(|one| one.word);
        let mut words = words.filter(|word| word.text == url);
        match words.next() {
            None if is_public(url) => Fact::of("listed in", "NixOS itself".to_owned()),
            word => Fact::of("listed in", "nix.settings.substituters".to_owned())
                .at(word.map(|word| place::of_spot(&word.spot))),
        }
    }

    /// The cache that is wired by hand and reached by such a URL.
    fn adopted(&self, store: &StoreUrl) -> Option<&Cache> {
        let mut caches = self.fleet.caches_of(self.host);
        caches.find(|cache| {
            let link = self.fleet.link(cache, self.host);
            cache.is_adopted() && hand_made::names_server(&link, &store.host)
        })
    }
}

fn is_public(url: &str) -> bool {
    url.split('?').next().unwrap_or(url).trim_end_matches('/') == PUBLIC
}

/// A store over ssh has 0 unless its URL says otherwise; the others are asked for theirs.
fn priority_of(url: &str, store: Option<&StoreUrl>) -> Option<u32> {
    if let Some(store) = store {
        return Some(store.priority());
    }
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let mut said = query
        .split('&')
        .filter_map(|one| one.strip_prefix("priority="));
    let said = said.next_back().and_then(|number| number.parse().ok());
    said.or_else(|| is_public(url).then_some(u32::from(PUBLIC_PRIORITY)))
}

/// Whether Nix builds what it cannot fetch. larder's wiring turns that on by default.
fn falls_back(machine: &Machine, has_wiring: bool, nix: Option<&Answer>) -> bool {
    if let Some(answer) = nix.and_then(Answer::falls_back) {
        return answer;
    }
    let said = machine.nix_flag("nix.settings.fallback");
    said.map_or(has_wiring, |(on, _)| on)
}
