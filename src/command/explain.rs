//! `explain`: in which order a host asks for store paths, by which keys, from which lines each
//! comes, and what happens when one does not answer.

mod asked;
mod off;
mod order;
mod place;
mod text;
mod wired;

use clap::Args;
use serde::Serialize;

use self::asked::{Asked, Fact};
use super::ask_nix::AskNix;
use super::cache_links::{waits_for, waits_for_external};
use crate::diagnostic::Stop;
use crate::fleet::{Cache, ExternalCache, Fleet, Host, HostName};
use crate::lint::Answer;
use crate::project::Project;
use crate::wiring;

/// Say where a host gets store paths from, and why
///
/// In the order in which Nix asks: each cache with its priority, the keys by which it is
/// used, the line that each of these comes from, and what happens when it is off. Reads the
/// inventory and the files; with `--eval` the repository's own Nix says what all modules of
/// the host come to.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  larder explain pai
  larder explain pai --eval         as Nix has it, other modules included
  larder explain pai --json")]
pub struct Explain {
    /// The host
    pub host: HostName,
    /// Whether Nix is asked.
    #[command(flatten)]
    pub nix: AskNix,
}

/// What a host asks, and whom it serves.
#[derive(Debug, Serialize)]
pub struct Report {
    host: HostName,
    /// Nix was asked: else what the files leave open is not known.
    from_nix: bool,
    /// In the order in which Nix asks.
    asks: Vec<Asked>,
    /// Caches that it is to use and that are not wired yet.
    waits: Vec<Waiting>,
    /// Caches that are wired and that, by Nix's answer, are not asked.
    lost: Vec<HostName>,
    serves: Option<Serving>,
}

/// A cache that a host is to use, and does not yet.
#[derive(Debug, Serialize)]
struct Waiting {
    cache: HostName,
    waits_for: Vec<&'static str>,
}

/// What a host serves.
#[derive(Debug, Serialize)]
struct Serving {
    /// Who may log in.
    clients: Vec<HostName>,
    by: Vec<Fact>,
}

/// What is known of a host; with Nix's answer, what all of its modules come to.
///
/// # Errors
/// When there is no such host, or the inventory cannot be read.
pub fn report(project: &Project, name: &HostName, nix: Option<&Answer>) -> Result<Report, Stop> {
    let fleet = project.fleet()?;
    let host = fleet.require_host(name)?;
    let waits = |cache: &&Cache| !fleet.missing(cache, host).is_empty();
    let waiting = |cache: &Cache| Waiting {
        cache: cache.host.clone(),
        waits_for: waits_for(fleet, cache, host),
    };
    let elsewhere = fleet.external_caches_of(host);
    let waits_elsewhere =
        |cache: &&ExternalCache| !fleet.missing_for_external(cache, host).is_empty();
    let waiting_elsewhere = |cache: &ExternalCache| Waiting {
        cache: cache.name.clone(),
        waits_for: waits_for_external(fleet, cache, host),
    };
    let elsewhere = elsewhere.filter(waits_elsewhere).map(waiting_elsewhere);
    let served = fleet.caches_of(host).filter(waits).map(waiting);
    let own = fleet.caches.get(name);
    let asks = order::of_host(project, fleet, host, nix);
    let is_asked = |name: &HostName| asks.iter().any(|one| one.cache.as_ref() == Some(name));
    let wired = fleet
        .caches_of(host)
        .filter(|cache| nix.is_some() && !waits(cache));
    let wired = wired.map(|cache| cache.host.clone());
    let wired_elsewhere = fleet
        .external_caches_of(host)
        .filter(|cache| nix.is_some() && !waits_elsewhere(cache));
    let wired = wired.chain(wired_elsewhere.map(|cache| cache.name.clone()));
    Ok(Report {
        host: name.clone(),
        from_nix: nix.is_some(),
        lost: wired.filter(|name| !is_asked(name)).collect(),
        asks,
        waits: served.chain(elsewhere).collect(),
        serves: own.map(|cache| serving(fleet, cache)),
    })
}

fn serving(fleet: &Fleet, cache: &Cache) -> Serving {
    let is_let_in = |client: &&Host| {
        let identity = fleet.identity(cache, client);
        identity.public_key(client).is_some()
    };
    let clients = fleet.clients(cache).filter(is_let_in);
    let mut by = vec![wired::signs(fleet, cache)];
    if !cache.is_adopted() {
        by.push(Fact::of("wired in", wiring::cache_module(fleet, cache)));
    }
    Serving {
        clients: clients.map(|client| client.name.clone()).collect(),
        by,
    }
}
