//! What stands in people's own files for a cache that they have wired by hand: it stays in
//! force when the cache, or a client of it, goes from the inventory.

use crate::fleet::{Cache, ExternalCache, Fleet, Host, Link, SSH_USER, Wiring, store_of};
use crate::key::AuthorizedKey;
use crate::project::Project;
use crate::survey::{Spot, StoreUrl};
use crate::text::{LineIndex, quoted_conjunction};

/// The caches that still let a host in which goes from the fleet, and where they say so.
pub(super) fn left_of_client(project: &Project, fleet: &Fleet, host: &Host) -> Vec<String> {
    let caches = adopted(fleet).filter(|cache| cache.serves(host));
    caches
        .map(|cache| {
            let server = &cache.host;
            let take_over = format!("`larder sync --take-over {server}` first lets larder do it");
            match key_of(project, fleet, cache, host) {
                Some(spot) => format!(
                    "`{server}` still lets `{}` in: take its key out of `nix.sshServe.keys` at `{}`; \
                     {take_over}",
                    host.name,
                    place(&spot)
                ),
                None => format!(
                    "`{server}` is wired by hand and may still let `{}` in: look for its key in \
                     `nix.sshServe.keys`",
                    host.name
                ),
            }
        })
        .collect()
}

/// Who still asks a cache elsewhere after it has gone from the inventory.
pub(super) fn left_of_external(
    project: &Project,
    fleet: &Fleet,
    cache: &ExternalCache,
) -> Vec<String> {
    let clients = fleet.external_clients(cache);
    let machines = clients.filter_map(|client| project.host_survey().machine(client));
    let words = machines
        .flat_map(|machine| machine.substituters())
        .map(|one| one.word);
    let mut spots: Vec<Spot> = words
        .filter(|word| store_of(&word.text) == cache.url.store())
        .map(|word| word.spot)
        .collect();
    spots.dedup();
    if spots.is_empty() {
        return Vec::new();
    }
    let (name, places) = (&cache.name, places(&spots));
    vec![format!(
        "`{name}` is still asked by hand: delete it from {places}"
    )]
}

/// Where these stand, in a sentence.
pub(super) fn places<'s>(spots: impl IntoIterator<Item = &'s Spot>) -> String {
    let mut places: Vec<String> = spots.into_iter().map(place).collect();
    places.dedup();
    quoted_conjunction(&places)
}

/// What still serves, and who still asks, after a cache has gone from the inventory.
pub(super) fn left_of_cache(project: &Project, fleet: &Fleet, cache: &Cache) -> Vec<String> {
    if cache.wiring != Wiring::Adopted {
        return Vec::new();
    }
    let server = &cache.host;
    let machine = project.host_survey().machine(fleet.server(cache));
    let machine = machine.unwrap_or_default();
    let enabled = machine.all("nix.sshServe.enable").into_iter().next();
    let here = enabled.map_or_else(String::new, |hit| format!(" at `{}`", place(&hit.spot)));
    let mut notes = vec![format!(
        "`{server}` was wired by hand and still serves: turn off `nix.sshServe.enable`{here}; \
         before you remove it, `larder sync --take-over {server}` lets larder do all of this"
    )];
    notes.extend(still_asked(project, fleet, cache));
    notes
}

/// Who still asks a cache that goes from the inventory, and was wired by hand.
pub(super) fn still_asked(project: &Project, fleet: &Fleet, cache: &Cache) -> Vec<String> {
    if cache.wiring != Wiring::Adopted {
        return Vec::new();
    }
    let (server, survey) = (&cache.host, project.host_survey());
    let mut notes = Vec::new();
    for client in fleet.clients(cache) {
        let link = fleet.link(cache, client);
        let machine = survey.machine(client).unwrap_or_default();
        let substituters = machine.substituters().into_iter().map(|one| one.word);
        let its = substituters.filter(|word| store_url(&link, &word.text).is_some());
        notes.extend(its.map(|word| {
            let place = place(&word.spot);
            format!("`{}` still asks `{server}`: `{place}`", client.name)
        }));
    }
    notes
}

/// The URL, if it is of the link's cache.
pub(super) fn store_url(link: &Link<'_>, word: &str) -> Option<StoreUrl> {
    let url = StoreUrl::parse(word)?;
    (url.user.as_deref() == Some(SSH_USER) && names_server(link, &url.host)).then_some(url)
}

/// True if it is a name of the cache's host.
pub(super) fn names_server(link: &Link<'_>, name: &str) -> bool {
    let first = name.split('.').next().unwrap_or_default();
    let known = [&*link.address, &*link.server.address()];
    known.iter().any(|known| known.eq_ignore_ascii_case(name))
        || first.eq_ignore_ascii_case(link.cache.host.as_str())
}

fn adopted(fleet: &Fleet) -> impl Iterator<Item = &Cache> {
    let caches = fleet.caches.values();
    caches.filter(|cache| cache.wiring == Wiring::Adopted)
}

/// Where a cache's own files have the key with which a client logs in.
fn key_of(project: &Project, fleet: &Fleet, cache: &Cache, client: &Host) -> Option<Spot> {
    let wanted = fleet.identity(cache, client).public_key(client)?;
    let machine = project.host_survey().machine(fleet.server(cache))?;
    let is_its = |line: &str| {
        let key = line.parse::<AuthorizedKey>();
        key.is_ok_and(|line| line.key == *wanted)
    };
    let mut keys = machine.words("nix.sshServe.keys").into_iter();
    keys.find(|word| is_its(&word.text)).map(|word| word.spot)
}

/// `pai.nix:12`.
fn place(spot: &Spot) -> String {
    let source = spot.source();
    let position = LineIndex::new(&source.text).position(&source.text, spot.bytes().start);
    format!("{}:{}", spot.file.shown(), position.line)
}
