//! The caches of a fleet and their links, by name.

use serde::Serialize;

use crate::command::status::missing_words;
use crate::diagnostic::Stop;
use crate::fleet::{Cache, Fleet, Host, HostName};
use crate::project::Project;

/// The caches of a fleet and their links.
#[derive(Debug, Serialize)]
pub struct Report {
    pub(super) caches: Vec<Node>,
    /// Hosts that neither serve nor use a cache.
    pub(super) others: Vec<HostName>,
}

/// A cache with its links.
#[derive(Debug, Serialize)]
pub(super) struct Node {
    pub(super) host: HostName,
    /// It is wired by hand.
    pub(super) adopted: bool,
    pub(super) clients: Vec<Edge>,
}

/// A client of a cache.
#[derive(Debug, Serialize)]
pub(super) struct Edge {
    pub(super) host: HostName,
    /// Lower is asked first. `None`: it is wired by hand, and its files say.
    pub(super) priority: Option<u16>,
    /// Nothing: it is wired.
    pub(super) waits_for: Vec<&'static str>,
}

/// The graph of the inventory.
///
/// # Errors
/// When the inventory cannot be read.
pub fn report(project: &Project) -> Result<Report, Stop> {
    let fleet = project.fleet()?;
    let is_part = |host: &&Host| {
        fleet.caches.contains_key(&host.name) || fleet.caches_of(host).next().is_some()
    };
    let others = fleet.hosts.values().filter(|host| !is_part(host));
    Ok(Report {
        caches: fleet.caches.values().map(|it| node(fleet, it)).collect(),
        others: others.map(|host| host.name.clone()).collect(),
    })
}

fn node(fleet: &Fleet, cache: &Cache) -> Node {
    let edge = |client: &Host| Edge {
        host: client.name.clone(),
        priority: (!cache.is_adopted()).then(|| fleet.link(cache, client).priority),
        waits_for: fleet
            .missing(cache, client)
            .into_iter()
            .map(missing_words)
            .collect(),
    };
    Node {
        host: cache.host.clone(),
        adopted: cache.is_adopted(),
        clients: fleet.clients(cache).map(edge).collect(),
    }
}

impl Edge {
    /// It waits for a key.
    pub(super) fn is_pending(&self) -> bool {
        !self.waits_for.is_empty()
    }

    /// What stands at a link: its priority, if larder knows it.
    pub(super) fn label(&self) -> String {
        self.priority.map(|it| it.to_string()).unwrap_or_default()
    }
}
