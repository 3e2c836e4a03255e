//! A store that larder's own wiring names: each setting, and the line that says it.

use super::asked::{Asked, Fact};
use super::{off, place};
use crate::fleet::{Cache, ExternalCache, Fleet, Host, Identity, Link};
use crate::key::PublicKey;
use crate::wiring;

/// The store of a link.
pub(super) fn of_link(fleet: &Fleet, link: &Link<'_>, falls_back: bool) -> Asked {
    let (cache, client) = (link.cache, link.client.name.as_str());
    let name = cache.host.as_str();
    let mut by = vec![
        Fact::of("priority", link.priority.to_string()).at(priority_place(fleet, link)),
        Fact::of("reached at", reached(link)).at(place::first_in_inventory(
            fleet,
            &[
                &["caches", name, "link", client, "address"],
                &["hosts", name, "address"],
            ],
        )),
        signs(fleet, cache),
    ];
    let pins: Vec<String> = link
        .server
        .host_keys()
        .map(PublicKey::fingerprint)
        .collect();
    if !pins.is_empty() {
        let pin = place::in_inventory(fleet, &["hosts", name, "host-key"]);
        by.push(Fact::of("pinned by", pins.join(" or ")).at(pin));
    }
    by.push(login(fleet, link));
    by.push(Fact::of("wired in", wiring::cache_module(fleet, cache)));
    Asked {
        cache: Some(cache.host.clone()),
        url: fleet.store_url(link),
        priority: Some(u32::from(link.priority)),
        by,
        when_off: off::wired(link, falls_back),
    }
}

/// The key that paths are signed with; both while it changes.
pub(super) fn signs(fleet: &Fleet, cache: &Cache) -> Fact {
    let keys: Vec<String> = cache.signing_keys().map(ToString::to_string).collect();
    let value = if keys.is_empty() {
        "not known yet".to_owned()
    } else {
        keys.join(" and ")
    };
    let line = place::in_inventory(fleet, &["caches", cache.host.as_str(), "signing-key"]);
    Fact::of("signed by", value).at(line)
}

/// The store of a cache elsewhere.
pub(super) fn of_external(
    fleet: &Fleet,
    cache: &ExternalCache,
    client: &Host,
    falls_back: bool,
) -> Asked {
    let name = cache.name.as_str();
    let priority = cache.priority_for(client);
    let line = place_of_priority(fleet, name, client.name.as_str());
    let mut by = vec![
        Fact::of("priority", priority.to_string()).at(line),
        signs_external(fleet, cache),
    ];
    if let Some(file) = &cache.netrc_file {
        let line = place::in_inventory(fleet, &["caches", name, "netrc-file"]);
        by.push(Fact::of("logs in by", file.to_string()).at(line));
    }
    if let Some(tls) = &cache.tls {
        let line = place::in_inventory(fleet, &["caches", name, "tls-certificate"]);
        by.push(Fact::of("logs in by", tls.certificate.to_string()).at(line));
    }
    let module = wiring::external_cache_module(fleet, cache);
    by.push(Fact::of("wired in", module));
    Asked {
        cache: Some(cache.name.clone()),
        url: cache.url.to_string(),
        priority: Some(u32::from(priority)),
        by,
        when_off: off::elsewhere(cache.url.scheme().is_http(), falls_back),
    }
}

/// The keys that the paths of a cache elsewhere are signed with.
pub(super) fn signs_external(fleet: &Fleet, cache: &ExternalCache) -> Fact {
    let keys = cache.signing_keys.iter().map(ToString::to_string);
    let keys: Vec<String> = keys.collect();
    let value = match keys.join(" or ") {
        none if none.is_empty() => "not known yet".to_owned(),
        keys => keys,
    };
    let line = place::in_inventory(fleet, &["caches", cache.name.as_str(), "signing-key"]);
    Fact::of("signed by", value).at(line)
}

fn priority_place(fleet: &Fleet, link: &Link<'_>) -> Option<String> {
    place_of_priority(fleet, &link.cache.host, &link.client.name)
}

fn place_of_priority(fleet: &Fleet, cache: &str, client: &str) -> Option<String> {
    place::first_in_inventory(
        fleet,
        &[
            &["caches", cache, "link", client, "priority"],
            &["caches", cache, "priority"],
            &["caches", cache, "link", client, "lan"],
            &["hosts", client, "roaming"],
            &["caches", cache, "lan"],
        ],
    )
}

fn reached(link: &Link<'_>) -> String {
    let jump = link.proxy_jump.as_ref();
    let jump = jump.map_or_else(String::new, |jump| format!(" through {jump}"));
    format!("{} port {}{jump}", link.address, link.port)
}

fn login(fleet: &Fleet, link: &Link<'_>) -> Fact {
    let (cache, client) = (link.cache.host.as_str(), link.client.name.as_str());
    let file = match link.identity {
        Identity::HostKey => "its SSH host key".to_owned(),
        Identity::File { path, .. } => path.to_string(),
    };
    let keys = link.identity.public_keys(link.client).into_iter();
    let keys: Vec<String> = keys.map(PublicKey::fingerprint).collect();
    let key = match keys.join(" or ") {
        none if none.is_empty() => none,
        keys => format!(", {keys}"),
    };
    let place = match link.identity {
        Identity::HostKey => place::in_inventory(fleet, &["hosts", client, "host-key"]),
        Identity::File { .. } => place::first_in_inventory(
            fleet,
            &[
                &["hosts", client, "identity"],
                &["caches", cache, "identity"],
            ],
        ),
    };
    Fact::of("logs in by", format!("{file}{key}")).at(place)
}
