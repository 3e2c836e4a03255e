//! A machine that is lost or stolen: what its keys open, and until when.

use super::recipients;
use crate::fleet::{Cache, Fleet, Host, HostName, Identity};
use crate::project::Project;

/// What to know when a host goes because somebody else may have its keys.
pub(super) fn notes(project: &Project, fleet: &Fleet, host: &Host) -> Vec<String> {
    let name = &host.name;
    let caches: Vec<&Cache> = fleet.caches_of(host).collect();
    let is_let_in = |cache: &&&Cache| fleet.identity(cache, host).public_key(host).is_some();
    let open = names(caches.iter().filter(is_let_in).map(|cache| &cache.host));
    let mut notes: Vec<String> = fleet
        .caches
        .get(name)
        .into_iter()
        .flat_map(|cache| of_cache(fleet, cache))
        .collect();
    if !open.is_empty() {
        notes.push(format!(
            "whoever has `{name}` can read what is on {open} until that is switched: switch it first"
        ));
    }
    let shares = |cache: &&&Cache| {
        host.identity.is_none() && matches!(cache.identity, Identity::File { make: false, .. })
    };
    for cache in caches.iter().filter(shares) {
        let cache = &cache.host;
        notes.push(format!(
            "the key with which `{name}` logs in at `{cache}` is that of all its clients, and stays: \
             `larder rotate identity {cache} --shared --compromised`"
        ));
    }
    let what = "take it out there, encrypt them again, and change what is in them";
    notes.extend(
        host.host_keys()
            .filter_map(|key| recipients::note(project, fleet, name, ("its host key", key), what)),
    );
    notes
}

/// A lost cache: its signing key is what its clients trust.
fn of_cache(fleet: &Fleet, cache: &Cache) -> Vec<String> {
    let name = &cache.host;
    let clients = names(fleet.clients(cache).map(|client| &client.name));
    if clients.is_empty() {
        return Vec::new();
    }
    vec![format!(
        "whoever has `{name}` can sign what {clients} will take, until the switch: begin there; \
         what they took from it before, they keep"
    )]
}

fn names<'a>(names: impl Iterator<Item = &'a HostName>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}
