//! The modules that each host reaches: those that the flake lists, and, where these
//! do not settle whose they are, what they import (`imports = [ ./${hostname} ]`).

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::flake::eval::Eval;
use crate::flake::eval::value::System;
use crate::flake::members::{self, Member, Place};
use crate::repo::RepoPath;

/// How far imports of imports are followed.
const LEVELS: usize = 4;

/// A host and the modules that the flake lists for it, each with how many imports
/// lead to it.
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) members: Vec<(usize, Member)>,
    pub(super) system: Option<Rc<System>>,
    /// The list is Nix's own.
    pub(super) is_told: bool,
}

/// A module of a host.
#[derive(Clone)]
pub(super) struct Reached {
    pub(super) place: Place,
    /// How many imports lead to it; 0: the flake lists it.
    pub(super) level: usize,
    /// How many hosts reach it.
    pub(super) hosts: usize,
    /// For how many hosts the flake lists it.
    pub(super) listed_by: usize,
}

/// Follows imports for the hosts that none of their modules `settles`.
pub(super) fn modules(
    eval: &mut Eval,
    all: &[Listed],
    settles: impl Fn(&Place, &str) -> bool,
) -> Vec<Vec<Reached>> {
    let mut reached = alone(all.iter().map(|host| places(&host.members)).collect());
    for (host, places) in all.iter().zip(&mut reached) {
        let mut looked_into = BTreeSet::new();
        for _ in 1..LEVELS {
            if places.iter().any(|(_, place)| settles(place, &host.name)) {
                break;
            }
            follow(eval, host, places, &mut looked_into);
        }
    }
    let hosts = count(reached.iter().flatten());
    let listed_by = count(reached.iter().flatten().filter(|(level, _)| *level == 0));
    let of = |(level, place): (usize, Place)| Reached {
        level,
        hosts: hosts.get(&place).copied().unwrap_or_default(),
        listed_by: listed_by.get(&place).copied().unwrap_or_default(),
        place,
    };
    reached
        .into_iter()
        .map(|places| places.into_iter().map(of).collect())
        .collect()
}

/// The modules that have a place of their own.
pub(super) fn places(members: &[(usize, Member)]) -> Vec<(usize, Place)> {
    let mut out: Vec<(usize, Place)> = Vec::new();
    for (level, member) in members {
        if let Member::File(place) | Member::List(place) = member
            && !out.iter().any(|(_, known)| known == place)
        {
            out.push((*level, place.clone()));
        }
    }
    out
}

/// Adds what the files among the places import.
fn follow(
    eval: &mut Eval,
    host: &Listed,
    places: &mut Vec<(usize, Place)>,
    done: &mut BTreeSet<RepoPath>,
) {
    let Some(system) = &host.system else { return };
    for (level, place) in places.clone() {
        if place.within.is_some() || !done.insert(place.file.clone()) {
            continue;
        }
        for (below, found) in self::places(&members::imports_of(eval, system, &place.file)) {
            if !places.iter().any(|(_, known)| *known == found) {
                places.push((level + 1 + below, found));
            }
        }
    }
}

/// Drops items of lists (`hosts.pai.modules = [ { … } ]`) from files in which other
/// hosts have such items too: a table of hosts is nobody's own module.
fn alone(mut hosts: Vec<Vec<(usize, Place)>>) -> Vec<Vec<(usize, Place)>> {
    let mut owners: BTreeMap<RepoPath, usize> = BTreeMap::new();
    for places in &hosts {
        let lists = places.iter().filter(|(_, place)| place.in_list);
        let files: BTreeSet<&RepoPath> = lists.map(|(_, place)| &place.file).collect();
        for file in files {
            *owners.entry(file.clone()).or_default() += 1;
        }
    }
    for places in &mut hosts {
        places.retain(|(_, place)| !place.in_list || owners[&place.file] == 1);
    }
    hosts
}

fn count<'a>(places: impl Iterator<Item = &'a (usize, Place)>) -> BTreeMap<Place, usize> {
    let mut counts = BTreeMap::new();
    for (_, place) in places {
        *counts.entry(place.clone()).or_default() += 1;
    }
    counts
}
