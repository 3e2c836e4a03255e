//! The caches of a fleet and their links, by name.

use serde::Serialize;

use crate::command::cache_links::{self, CacheLinks, ClientLink};
use crate::diagnostic::Stop;
use crate::fleet::{Host, HostName};
use crate::project::Project;

/// The caches of a fleet and their links.
#[derive(Debug, Serialize)]
pub struct Report {
    pub(super) caches: Vec<CacheLinks>,
    /// Hosts that neither serve nor use a cache.
    pub(super) others: Vec<HostName>,
}

/// The graph of the inventory.
///
/// # Errors
/// When the inventory cannot be read.
pub fn report(project: &Project) -> Result<Report, Stop> {
    let fleet = project.fleet()?;
    let is_part = |host: &&Host| {
        fleet.caches.contains_key(&host.name)
            || fleet.caches_of(host).next().is_some()
            || fleet.external_caches_of(host).next().is_some()
    };
    let others = fleet.hosts.values().filter(|host| !is_part(host));
    Ok(Report {
        caches: cache_links::all(fleet),
        others: others.map(|host| host.name.clone()).collect(),
    })
}

/// What stands at a link: its priority, if larder knows it.
pub(super) fn label(link: &ClientLink) -> String {
    link.priority.map(|it| it.to_string()).unwrap_or_default()
}
