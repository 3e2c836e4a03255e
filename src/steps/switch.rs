//! Which machines have to be switched, in which order and what for.

use std::collections::{BTreeMap, BTreeSet};

use super::role::{Role, Serving, Using, roles};
use super::update::{switch, update};
use super::{Moment, Step, StepKind, jump, names, own_keys, prove, sign};
use crate::fleet::{Fleet, Host, HostName, Wiring};

/// The switches and signatures that a change of the inventory makes necessary. `renamed` is
/// the old name and the new one of a host.
#[must_use]
pub fn between(before: &Fleet, after: &Fleet, renamed: Option<[&HostName; 2]>) -> Vec<Step> {
    let new_name = |name: &HostName| match renamed {
        Some([old, new]) if old == name => new.clone(),
        _ => name.clone(),
    };
    let (old, new) = (roles(before, new_name), roles(after, HostName::clone));
    let mut steps = of_servers(&old, &new);
    let servers: BTreeSet<HostName> = steps.iter().flat_map(|step| step.hosts.clone()).collect();
    steps.extend(jump::logins(after, &old, &new));
    steps.extend(of_clients(after, &old, &new, &servers));
    let signs = after.caches.values();
    steps.extend(signs.flat_map(|cache| sign::steps(before, after, cache)));
    steps.extend(prove::step(&old, &new));
    steps
}

/// The switches after the wiring was written anew: by the owned modules that are others, by
/// their paths. An inventory that was committed before, or modules of an earlier larder, leave
/// no other trace.
#[must_use]
pub fn rewired(fleet: &Fleet, changed: &[String]) -> Vec<Step> {
    let dir = format!("{}/", fleet.dir);
    let changed: BTreeSet<&str> = changed
        .iter()
        .filter_map(|path| path.strip_prefix(&dir))
        .collect();
    // What is not one host's or one cache's, all of them share.
    let is_for_all = changed.iter().any(|path| !path.contains('/'));
    let of_cache =
        |name: &HostName| is_for_all || changed.contains(format!("caches/{name}.nix").as_str());
    let is_concerned = |host: &&Host| {
        let mut caches = fleet.caches_of(host).filter(|cache| !cache.is_adopted());
        let elsewhere = fleet.external_caches_of(host);
        let mut elsewhere = elsewhere.filter(|cache| !cache.is_adopted());
        elsewhere.any(|cache| of_cache(&cache.name))
            || changed.contains(format!("hosts/{}.nix", host.name).as_str())
            || fleet.caches.contains_key(&host.name) && of_cache(&host.name)
            || caches.any(|cache| of_cache(&cache.host))
    };
    let hosts = fleet.hosts.values().filter(is_concerned);
    let (servers, clients): (Vec<&Host>, Vec<&Host>) =
        hosts.partition(|host| fleet.caches.contains_key(&host.name));
    let steps = |moment, hosts: Vec<&Host>| {
        let hosts = hosts.into_iter().map(|host| host.name.clone()).collect();
        update(fleet, moment, hosts, "for the new wiring")
    };
    let mut all = steps(Moment::Servers, servers);
    all.extend(steps(Moment::Clients, clients));
    all
}

/// The switches after `sync`: what the inventory's own change explains, and, where a new
/// larder wrote the modules that all share, the other machines as well.
#[must_use]
pub fn after_sync(before: &Fleet, after: &Fleet, changed: &[String]) -> Vec<Step> {
    let switches = between(before, after, None);
    if switches.is_empty() || has_new_module(after, changed) {
        return also(after, switches, rewired(after, changed));
    }
    switches
}

/// True if modules are others that have no rows of single hosts.
fn has_new_module(fleet: &Fleet, changed: &[String]) -> bool {
    let dir = format!("{}/", fleet.dir);
    let mut shared = changed.iter().filter_map(|path| path.strip_prefix(&dir));
    shared.any(|path| !path.contains('/') && !["keys.nix", "fleet.nix"].contains(&path))
}

/// Those of `more` that switch a machine which no step of `steps` switches.
fn also(fleet: &Fleet, mut steps: Vec<Step>, more: Vec<Step>) -> Vec<Step> {
    let is_switch = |step: &&Step| matches!(step.action, StepKind::Switch | StepKind::Export);
    let switched = steps.iter().filter(is_switch);
    let switched: BTreeSet<HostName> = switched.flat_map(|step| step.hosts.clone()).collect();
    for step in more {
        let hosts = step.hosts.into_iter();
        let hosts: Vec<HostName> = hosts.filter(|host| !switched.contains(host)).collect();
        steps.extend(update(fleet, step.moment, hosts, "for the new wiring"));
    }
    steps
}

/// The switches of machines that run an earlier wiring, or none.
#[must_use]
pub fn behind(fleet: &Fleet, hosts: &[&HostName]) -> Vec<Step> {
    let hosts = hosts.iter().map(|name| (*name).clone());
    let is_server = |name: &HostName| fleet.caches.contains_key(name);
    let (servers, clients): (Vec<HostName>, Vec<HostName>) = hosts.partition(is_server);
    let both = [(Moment::Servers, servers), (Moment::Clients, clients)].into_iter();
    both.flat_map(|(moment, hosts)| update(fleet, moment, hosts, "to what the repository says"))
        .collect()
}

/// The first switch of a host under another name.
#[must_use]
pub fn to_new_name(old: &HostName, new: &HostName) -> Step {
    let step = switch(Moment::First, vec![new.clone()], "");
    Step {
        text: format!("switch `{old}` by its new name; from then on it is `{new}`"),
        ..step
    }
}

fn of_servers(old: &BTreeMap<HostName, Role>, new: &BTreeMap<HostName, Role>) -> Vec<Step> {
    let none = Role::default();
    let step = |(name, role): (&HostName, &Role)| {
        let before = old.get(name).unwrap_or(&none);
        let was = before.serves.as_ref();
        let (moment, why) = match (was, role.serves.as_ref()) {
            (_, Some(is)) if is.wiring == Wiring::Adopted => return None,
            (Some(was), None) if was.wiring == Wiring::Adopted => return None,
            (was, Some(is)) => {
                let why = [serving_purpose(was, is), own_keys::purpose(before, role)];
                let why: Vec<String> = why.into_iter().flatten().collect();
                (
                    Moment::Servers,
                    (!why.is_empty()).then(|| why.join(", and "))?,
                )
            }
            (Some(was), None) if was.lets_in.is_empty() => {
                (Moment::ServersLeave, "to stop serving".to_owned())
            }
            (Some(_), None) => (
                Moment::ServersLeave,
                "to stop serving, after its clients: they ask it until they are switched"
                    .to_owned(),
            ),
            (None, None) => return None,
        };
        Some(switch(moment, vec![name.clone()], &why))
    };
    new.iter().filter_map(step).collect()
}

/// `None`: it is as it was.
fn serving_purpose(was: Option<&Serving>, is: &Serving) -> Option<String> {
    let Some(was) = was else {
        return Some(if is.makes_key {
            "to serve its store and make its signing key".to_owned()
        } else {
            "to serve its store".to_owned()
        });
    };
    if was.wiring != is.wiring {
        return Some("for the new wiring".to_owned());
    }
    let mut why = own_keys::of_clients(was, is);
    why.extend(own_keys::signing(was, is));
    if was.settings != is.settings {
        why.push("for its new settings".to_owned());
    }
    (!why.is_empty()).then(|| why.join(", and "))
}

/// The clients with the same reason share a step.
fn of_clients(
    fleet: &Fleet,
    old: &BTreeMap<HostName, Role>,
    new: &BTreeMap<HostName, Role>,
    servers: &BTreeSet<HostName>,
) -> Vec<Step> {
    let none = Role::default();
    let mut by_purpose: BTreeMap<(Moment, String), Vec<HostName>> = BTreeMap::new();
    for (name, is) in new {
        let purpose = using_purpose(old.get(name).unwrap_or(&none), is, servers);
        if let Some(purpose) = purpose.filter(|_| !servers.contains(name)) {
            by_purpose.entry(purpose).or_default().push(name.clone());
        }
    }
    let steps = by_purpose.into_iter();
    steps
        .flat_map(|((moment, why), hosts)| update(fleet, moment, hosts, &why))
        .collect()
}

fn using_purpose(was: &Role, is: &Role, servers: &BTreeSet<HostName>) -> Option<(Moment, String)> {
    if is.makes != was.makes && is.makes.is_some() {
        let why = "to make the key with which to log in".to_owned();
        return Some((Moment::Servers, why));
    }
    if let Some(why) = own_keys::purpose(was, is) {
        return Some((Moment::Servers, why));
    }
    let ours = |role: &Role| -> BTreeMap<HostName, Using> {
        let uses = role.uses.clone().into_iter();
        uses.filter(|(_, using)| using.wiring == Wiring::Owned)
            .collect()
    };
    let ours_now = ours(is);
    let served = ours_now.keys().filter(|name| !was.uses.contains_key(*name));
    let elsewhere = is.fetches.keys();
    let elsewhere = elsewhere.filter(|name| !was.fetches.contains_key(*name));
    let gained: Vec<&HostName> = served.chain(elsewhere).collect();
    if !gained.is_empty() {
        let first = names(
            gained
                .iter()
                .copied()
                .filter(|name| servers.contains(*name)),
        );
        let why = match first.as_str() {
            "" => format!("to use {}", names(gained)),
            first => {
                let gained = names(gained);
                format!("to use {gained}; {first} first, or the login is refused")
            }
        };
        return Some((Moment::Clients, why));
    }
    let served = ours_now.iter().filter_map(|(name, using)| {
        let is_changed = was.uses.get(name).is_some_and(|was| was != using);
        is_changed.then_some(name)
    });
    let elsewhere = is.fetches.iter().filter_map(|(name, now)| {
        let is_changed = was.fetches.get(name).is_some_and(|was| was != now);
        is_changed.then_some(name)
    });
    let changed = names(served.chain(elsewhere));
    if !changed.is_empty() {
        let why = own_keys::of_caches(was, is, &changed);
        return Some((Moment::Clients, why));
    }
    let ours_before = ours(was);
    let served = ours_before
        .keys()
        .filter(|name| !is.uses.contains_key(*name));
    let elsewhere = was.fetches.keys();
    let elsewhere = elsewhere.filter(|name| !is.fetches.contains_key(*name));
    let lost = names(served.chain(elsewhere));
    (!lost.is_empty()).then(|| (Moment::ClientsLeave, format!("to stop asking {lost}")))
}
