//! What the repository already knows: public host keys, and a cache that is
//! wired by hand.

use std::collections::BTreeMap;

use super::hosts::HostModule;
use super::{adopt, adopt_elsewhere};
use crate::fleet::{Address, Cache, ExternalCache, Host};
use crate::key::PublicKey;
use crate::project::Project;
use crate::repo::Repo;
use crate::survey::{self, CollectedKey, HostSurvey};
use crate::text::conjunction;

/// Hosts and caches as the inventory will have them, and what is said about
/// where their facts come from.
pub(super) struct Collected {
    pub(super) hosts: Vec<Host>,
    pub(super) caches: Vec<Cache>,
    pub(super) elsewhere: Vec<ExternalCache>,
    pub(super) notes: Vec<String>,
}

/// Reads what human files say about the chosen hosts.
pub(super) fn read(project: &Project, chosen: &[HostModule]) -> Collected {
    let repo = project.repo();
    let mut collected = Collected {
        hosts: chosen.iter().map(|host| known(repo, host)).collect(),
        caches: Vec::new(),
        elsewhere: Vec::new(),
        notes: Vec::new(),
    };
    collected.collect_keys(&project.host_survey(), survey::host_keys(&project.survey()));
    collected.collect_caches(&project.host_survey());
    collected
}

/// The chosen hosts and those that are known already, with the host keys that the files have;
/// and where each key is from.
pub(super) fn with_keys(
    project: &Project,
    chosen: &[HostModule],
    known_already: Vec<Host>,
) -> (Vec<Host>, Vec<String>) {
    let chosen = chosen.iter().map(|host| known(project.repo(), host));
    let mut collected = Collected {
        hosts: chosen.chain(known_already).collect(),
        caches: Vec::new(),
        elsewhere: Vec::new(),
        notes: Vec::new(),
    };
    collected.collect_keys(&project.host_survey(), survey::host_keys(&project.survey()));
    (collected.hosts, collected.notes)
}

fn known(repo: &Repo, chosen: &HostModule) -> Host {
    Host {
        module: chosen.module.as_ref().map(|path| repo.shown(path)),
        within: chosen.within.clone(),
        ..Host::named(chosen.name.clone())
    }
}

impl Collected {
    fn collect_keys(&mut self, survey: &HostSurvey<'_>, harvested: Vec<CollectedKey>) {
        let mut by_host: BTreeMap<String, Vec<CollectedKey>> = BTreeMap::new();
        for one in harvested {
            by_host.entry(one.host.clone()).or_default().push(one);
        }
        for host in &mut self.hosts {
            if let Some(found) = by_host.remove(&host.name.to_string()) {
                self.notes.push(collect_key(survey, host, &found));
            }
        }
    }

    fn collect_caches(&mut self, survey: &HostSurvey<'_>) {
        let adopted = survey::adopted(survey, &self.hosts);
        for found in adopted.caches {
            let (cache, notes) = adopt::cache(&found, &mut self.hosts);
            self.caches.extend(cache);
            self.notes.extend(notes);
        }
        for found in &adopted.elsewhere {
            let known = adopt_elsewhere::cache(found, &self.hosts, &self.elsewhere);
            if let Some((cache, note)) = known {
                self.elsewhere.push(cache);
                self.notes.push(note);
            }
        }
        let unclear = adopted.unclear.iter();
        self.notes.extend(unclear.map(|file| {
            format!(
                "`{file}` makes hosts serve their store under a condition that larder cannot tell: for one that does, write `[caches.HOST]` and `wiring = \"adopted\"` to `larder.toml`"
            )
        }));
    }
}

/// A key is taken if every place that names one of its kind for the host agrees.
fn collect_key(survey: &HostSurvey<'_>, host: &mut Host, found: &[CollectedKey]) -> String {
    let best = best_key(found);
    let same_kind = |one: &&CollectedKey| one.key.algorithm() == best.algorithm();
    let agree = found.iter().filter(same_kind).all(|one| one.key == *best);
    let mut from: Vec<&str> = found
        .iter()
        .filter(same_kind)
        .map(|one| one.from.as_str())
        .collect();
    from.dedup();
    let from = conjunction(&from);
    if !agree {
        let name = &host.name;
        return format!("`{name}`: {from} name different host keys, so none was taken");
    }
    host.host_key = Some(best.clone());
    let what = if take_endpoint(survey, host, found) {
        "host key, address and port"
    } else {
        "host key"
    };
    format!("`{}`: {what} from {from}", host.name)
}

/// Takes the name and the port by which every known host of this key has the host; a host
/// whose inventory says either keeps it.
fn take_endpoint(survey: &HostSurvey<'_>, host: &mut Host, found: &[CollectedKey]) -> bool {
    let of_key = found
        .iter()
        .filter(|one| Some(&one.key) == host.host_key.as_ref());
    let mut endpoints = of_key.map(|one| one.endpoint.as_ref());
    let Some(Some((name, port))) = endpoints.next() else {
        return false;
    };
    let agree = endpoints.all(|other| other == Some(&(name.clone(), *port)));
    // Its own sshd may be behind a router that maps ports; whose word counts, a person says.
    let ports = survey
        .machine(host)
        .and_then(|machine| machine.sshd_ports());
    let listens = ports.is_none_or(|ports| ports.iter().any(|(own, _)| own == port));
    let is_open = host.address.is_none() && host.port.is_none() && listens;
    let Some(address) = name.parse::<Address>().ok().filter(|_| agree && is_open) else {
        return false;
    };
    host.address = Some(address).filter(|address| *address != host.address());
    host.port = Some(*port);
    true
}

/// An ed25519 key where there is one: NixOS makes one on every host with sshd.
fn best_key(found: &[CollectedKey]) -> &PublicKey {
    let is_ed25519 = |one: &&CollectedKey| one.key.algorithm().name() == "ssh-ed25519";
    let ed25519 = found.iter().find(is_ed25519);
    &ed25519.unwrap_or(&found[0]).key
}
