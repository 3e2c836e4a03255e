//! Clients that ask the cache already, by a line of their own.

use crate::command::hand_made::places;
use crate::fleet::{ExternalCache, Fleet, Host, Wiring};
use crate::project::Project;
use crate::survey::{self, AdoptedExternal};
use crate::text::quoted_conjunction;

/// Adopts a new cache that every client asks by hand; where only some do, says which lines are
/// too many.
pub(super) fn take_into(
    cache: &mut ExternalCache,
    is_new: bool,
    fleet: &Fleet,
    project: &Project,
) -> Option<String> {
    let clients: Vec<Host> = fleet.external_clients(cache).cloned().collect();
    let found = survey::adopted(&project.host_survey(), &clients).elsewhere;
    let found = found
        .into_iter()
        .find(|one| one.url.store() == cache.url.store())?;
    if cache.is_adopted() {
        return None;
    }
    let places = places(found.clients.iter().map(|client| &client.spot));
    if is_new && found.clients.len() == clients.len() {
        adopt(cache, &found);
        let name = &cache.name;
        return Some(format!(
            "it is asked already, by {places}: adopted, and left as it is; to let larder wire it, \
             delete that there, and `wiring` under `[caches.{name}]`, and run `larder sync`"
        ));
    }
    let names: Vec<&str> = found.clients.iter().map(|one| one.host.as_str()).collect();
    let names = quoted_conjunction(&names);
    Some(format!(
        "{names} would have it twice: delete it from {places}"
    ))
}

fn adopt(cache: &mut ExternalCache, found: &AdoptedExternal) {
    cache.wiring = Wiring::Adopted;
    if cache.signing_keys.is_empty() {
        cache.signing_keys.clone_from(&found.signing_keys);
    }
}
