//! Which hosts use a cache: what the flags add to `clients` and `except`, and take out.

use crate::command::which;
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{Cache, ExternalCache, Fleet, Host, Selector, some_of};

/// Gives a cache the clients that are `wanted`, and not those that are `unwanted`. The
/// newer word counts: who was excepted by name is a client now, and the other way round.
///
/// # Errors
/// A host or a tag that nobody has, and a host that would be both.
pub(super) fn select(
    fleet: &Fleet,
    cache: &mut Cache,
    wanted: &[Selector],
    unwanted: &[Selector],
) -> Result<(), Stop> {
    for selector in wanted.iter().chain(unwanted) {
        which::require_selected(fleet, selector)?;
    }
    if wanted.contains(&Selector::Host(cache.host.clone())) {
        return Err(client_of_itself(cache));
    }
    if let Some(both) = wanted.iter().find(|selector| unwanted.contains(selector)) {
        return Err(both_ways(both));
    }
    for selector in wanted {
        cache.except.retain(|excepted| excepted != selector);
        add(fleet, &mut cache.clients, selector);
    }
    for selector in unwanted {
        let before = cache.clients.len();
        cache.clients.retain(|client| client != selector);
        // Who was a client by this word alone needs no exception.
        if cache.clients.len() == before || may_meet(fleet, &cache.clients, selector) {
            add(fleet, &mut cache.except, selector);
        }
    }
    refuse_excepted(fleet, cache, wanted)
}

/// [`select`] for a cache elsewhere.
///
/// # Errors
/// As [`select`].
pub(super) fn select_external(
    fleet: &Fleet,
    cache: &mut ExternalCache,
    wanted: &[Selector],
    unwanted: &[Selector],
) -> Result<(), Stop> {
    let mut served = as_served(cache);
    select(fleet, &mut served, wanted, unwanted)?;
    cache.clients = served.clients;
    cache.except = served.except;
    Ok(())
}

/// [`left_out`] of a cache elsewhere.
pub(super) fn left_out_of_external(
    fleet: &Fleet,
    cache: &ExternalCache,
    wanted: &[Selector],
) -> Option<String> {
    left_out(fleet, &as_served(cache), wanted)
}

/// A cache with the same clients: no host has its name.
fn as_served(cache: &ExternalCache) -> Cache {
    Cache {
        clients: cache.clients.clone(),
        except: cache.except.clone(),
        ..Cache::of(cache.name.clone())
    }
}

/// What of the wish is not so: hosts that are meant and stay excepted.
pub(super) fn left_out(fleet: &Fleet, cache: &Cache, wanted: &[Selector]) -> Option<String> {
    let is_excepted = |host: &&Host| is_meant(&cache.except, host) && host.name != cache.host;
    let excepted = fleet.hosts.values().filter(is_excepted);
    let names: Vec<_> = excepted
        .filter(|host| is_meant(wanted, host))
        .map(|host| &host.name)
        .collect();
    (!names.is_empty()).then(|| {
        format!(
            "`except` under `[caches.{}]` keeps out {}; `--client HOST` takes one in",
            cache.host,
            some_of(names)
        )
    })
}

/// Adds a selector, unless it would say nothing new.
fn add(fleet: &Fleet, list: &mut Vec<Selector>, selector: &Selector) {
    let is_there = match selector {
        Selector::Host(name) => {
            let host = fleet.hosts.get(name);
            host.is_some_and(|host| is_meant(list, host))
        }
        _ => list.contains(selector),
    };
    if !is_there {
        list.push(selector.clone());
    }
}

/// True if a host that the selector means, now or later, is one of the list as well.
fn may_meet(fleet: &Fleet, list: &[Selector], selector: &Selector) -> bool {
    let is_wide = |client: &Selector| !matches!(client, Selector::Host(_));
    let mut hosts = fleet.hosts.values().filter(|host| selector.matches(host));
    is_wide(selector) && list.iter().any(is_wide) || hosts.any(|host| is_meant(list, host))
}

fn is_meant(list: &[Selector], host: &Host) -> bool {
    list.iter().any(|selector| selector.matches(host))
}

/// Whoever is wanted by name must not be excepted with others.
fn refuse_excepted(fleet: &Fleet, cache: &Cache, wanted: &[Selector]) -> Result<(), Stop> {
    for selector in wanted {
        let Selector::Host(name) = selector else {
            continue;
        };
        let host = fleet.require_host(name)?;
        let by = cache.except.iter().find(|excepted| excepted.matches(host));
        if let Some(by) = by {
            return Err(excepted(cache, host, by));
        }
    }
    Ok(())
}

fn excepted(cache: &Cache, host: &Host, by: &Selector) -> Stop {
    let (name, server) = (&host.name, &cache.host);
    let message = format!("`{name}` is to use `{server}`, and `{by}` in `except` keeps it out");
    Diagnostic::error("client-excepted", message)
        .about(name.to_string())
        .help(format!(
            "under `[caches.{server}]` of larder.toml, name in `except` only those that are meant"
        ))
        .into()
}

fn client_of_itself(cache: &Cache) -> Stop {
    let name = &cache.host;
    let message = format!("`{name}` serves this cache and cannot be a client of it");
    Diagnostic::error("client-is-cache", message)
        .about(name.to_string())
        .help("`--client` names the hosts that fetch from it")
        .into()
}

fn both_ways(selector: &Selector) -> Stop {
    let message = format!("`{selector}` is given with `--client` and with `--except`");
    Diagnostic::error("client-excepted", message)
        .about(selector.to_string())
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Source;
    use crate::fleet::read;

    const HOSTS: &str = "version = 1\n[hosts.kalaw]\n[hosts.pai]\ntags = [\"desk\"]\n\
                         [hosts.bagan]\ntags = [\"desk\"]\n[caches.kalaw]\n";

    /// `clients` and `except` after the flags, or the refusal's message.
    fn after(lists: &str, wanted: &[&str], unwanted: &[&str]) -> String {
        let fleet = read(&Source::new("larder.toml", format!("{HOSTS}{lists}"))).expect("a fleet");
        let mut cache = fleet.require_cache("kalaw").expect("a cache").clone();
        let parsed = |texts: &[&str]| -> Vec<Selector> {
            texts
                .iter()
                .map(|text| text.parse().expect("a name"))
                .collect()
        };
        match select(&fleet, &mut cache, &parsed(wanted), &parsed(unwanted)) {
            Ok(()) => format!("{} - {}", words(&cache.clients), words(&cache.except)),
            Err(stop) => stop.diagnostics()[0].message.clone(),
        }
    }

    fn words(list: &[Selector]) -> String {
        let words: Vec<String> = list.iter().map(ToString::to_string).collect();
        words.join(" ")
    }

    #[test]
    fn the_newer_word_counts() {
        let all_but_pai = "clients = [\"@all\"]\nexcept = [\"pai\"]\n";
        assert_eq!(after(all_but_pai, &["pai"], &[]), "@all - ");
        assert_eq!(after("clients = [\"@all\"]\n", &[], &["pai"]), "@all - pai");
        assert_eq!(
            after("clients = [\"pai\", \"bagan\"]\n", &[], &["pai"]),
            "bagan - "
        );
        assert_eq!(
            after("clients = [\"pai\", \"@desk\"]\n", &[], &["pai"]),
            "@desk - pai"
        );
    }

    #[test]
    fn what_is_said_already_is_not_said_again() {
        assert_eq!(after("clients = [\"@desk\"]\n", &["pai"], &[]), "@desk - ");
        let but_desk = "clients = [\"@all\"]\nexcept = [\"@desk\"]\n";
        assert_eq!(after(but_desk, &[], &["pai"]), "@all - @desk");
    }

    #[test]
    fn a_contradiction_is_refused() {
        let but_desk = "clients = [\"@all\"]\nexcept = [\"@desk\"]\n";
        assert!(after(but_desk, &["pai"], &[]).contains("`@desk` in `except` keeps it out"));
        assert!(after(but_desk, &["@desk"], &[]) == "@all @desk - ");
        assert!(after("", &["kalaw"], &[]).contains("cannot be a client of it"));
        assert!(after("", &["pai"], &["pai"]).contains("with `--client` and with `--except`"));
    }
}
