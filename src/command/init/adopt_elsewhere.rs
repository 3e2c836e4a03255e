//! A cache that exists elsewhere and is asked by hand, as the inventory records it.

use crate::command::hand_made::places;
use crate::fleet::{
    CacheUrl, ExternalCache, ExternalLinkOverride, Host, HostName, Selector, Wiring,
};
use crate::survey::AdoptedExternal;

/// What everybody can ask is nobody's to adopt: how such hosts end, and how mirrors begin.
const PUBLIC: [&str; 9] = [
    "nixos.org",
    "cachix.org",
    "garnix.io",
    "lix.systems",
    "flakehub.com",
    "determinate.systems",
    "numtide.com",
    "iog.io",
    "edu.cn",
];
const MIRROR: &str = "mirror";

/// The cache, and what is said about it; `None`: it is one of the public ones.
pub(super) fn cache(
    found: &AdoptedExternal,
    hosts: &[Host],
    others: &[ExternalCache],
) -> Option<(ExternalCache, String)> {
    if found.url.host().is_some_and(is_public) {
        return None;
    }
    let is_taken = |name: &HostName| {
        hosts.iter().any(|host| host.name == *name) || others.iter().any(|one| one.name == *name)
    };
    let name = name(&found.url, is_taken)?;
    let mut cache = ExternalCache::of(name, found.url.clone());
    cache.wiring = Wiring::Adopted;
    cache.signing_keys.clone_from(&found.signing_keys);
    cache.priority = found.clients.first().and_then(|client| client.priority);
    for client in &found.clients {
        let Ok(host) = client.host.parse::<HostName>() else {
            continue;
        };
        if client.priority.is_some() && client.priority != cache.priority {
            let own = ExternalLinkOverride {
                priority: client.priority,
                lan: None,
            };
            cache.link_overrides.insert(host.clone(), own);
        }
        cache.clients.push(Selector::Host(host));
    }
    let note = note(&cache, found);
    Some((cache, note))
}

fn note(cache: &ExternalCache, found: &AdoptedExternal) -> String {
    let (name, url) = (&cache.name, &cache.url);
    let key = match cache.signing_keys.as_slice() {
        [] => format!("; no trusted key bears its name: `larder keys set {name}` brings it in"),
        _ => String::new(),
    };
    let places = places(found.clients.iter().map(|client| &client.spot));
    format!("`{name}`, {url}, is asked by hand in {places}: adopted{key}")
}

fn is_public(host: &str) -> bool {
    let ends = |end: &str| {
        let before = host.strip_suffix(end);
        before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    host.starts_with(MIRROR) || PUBLIC.iter().any(|end| ends(end))
}

/// A word of the URL, made another where somebody has it.
fn name(url: &CacheUrl, is_taken: impl Fn(&HostName) -> bool) -> Option<HostName> {
    let mut words = url.words().filter(|word| word.parse::<HostName>().is_ok());
    let word = words.next().unwrap_or("elsewhere");
    let numbered = (2..100).map(|number| format!("{word}-cache-{number}"));
    let all = [word.to_owned(), format!("{word}-cache")];
    let mut names = all.into_iter().chain(numbered);
    names.find_map(|name| name.parse().ok().filter(|name| !is_taken(name)))
}
