//! The platform of a new host: what its siblings have, where they say it.

use std::collections::{BTreeMap, BTreeSet};

use crate::command::{Ask, Question, answers};
use crate::diagnostic::Stop;
use crate::flake::{Discovery, FoundHost};
use crate::fleet::System;
use crate::project::Project;
use crate::survey::Machine;

/// How many siblings are looked at.
const LOOKED_AT: usize = 3;

/// The options by which a module says its platform.
const OPTIONS: [&str; 3] = [
    "nixpkgs.hostPlatform",
    "nixpkgs.system",
    "nixpkgs.localSystem.system",
];

/// Asks for the platform; the default is that of most siblings.
pub(super) fn ask(project: &Project, ask: &mut dyn Ask) -> Result<System, Stop> {
    let usual = usual(project)?;
    let question = Question {
        text: "platform of the new host",
        flag: "--system x86_64-linux",
        why: "What it can run. A client of another platform than its cache finds little there.",
    };
    answers::parsed_line_or(ask, question, usual.as_deref())
}

/// What most hosts have, by the inventory or else by the flake.
fn usual(project: &Project) -> Result<Option<String>, Stop> {
    let mut systems: BTreeMap<String, String> = BTreeMap::new();
    for host in project.flake().map_or(&[][..], |found| &found.hosts) {
        if let Some(system) = &host.system {
            systems.insert(host.name.clone(), system.clone());
        }
    }
    for (name, system) in said_in_modules(project) {
        systems.entry(name).or_insert(system);
    }
    for host in project.fleet()?.hosts.values() {
        if let Some(system) = &host.system {
            systems.insert(host.name.to_string(), system.to_string());
        }
    }
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for system in systems.values() {
        *counts.entry(system).or_default() += 1;
    }
    // Of two that are as many the last by name: `x86_64-linux`.
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    Ok(most.map(|(system, _)| system.clone()))
}

/// What modules say where the flake does not, of the first few hosts.
fn said_in_modules(project: &Project) -> Vec<(String, String)> {
    let survey = project.host_survey();
    let hosts = project.flake().map_or(&[][..], |found| &found.hosts);
    let silent = hosts
        .iter()
        .filter(|host| host.system.is_none() && host.module.is_some());
    let said = silent.take(LOOKED_AT).filter_map(|host| {
        let machine = survey.machine_of(host)?;
        let hits = OPTIONS.iter().flat_map(|option| machine.all(option));
        let mut systems = hits.filter_map(|hit| Some(hit.value.text()?.to_owned()));
        Some((host.name.clone(), systems.next()?))
    });
    said.collect()
}

/// True if siblings say their platform in modules that are theirs alone.
pub(super) fn is_in_modules(project: &Project, found: &Discovery) -> bool {
    let survey = project.host_survey();
    let is_shown = |host: &&FoundHost| host.system.is_none() && host.module.is_some();
    let siblings = found.hosts.iter().filter(is_shown).take(LOOKED_AT);
    let machines: Vec<Machine> = siblings
        .filter_map(|host| survey.machine_of(host))
        .collect();
    let files: Vec<BTreeSet<String>> = machines.iter().map(files_that_say_it).collect();
    let is_own = |(at, own): (usize, &BTreeSet<String>)| {
        let mut others = files.iter().enumerate().filter(|(other, _)| *other != at);
        !own.is_empty() && others.all(|(_, theirs)| own.is_disjoint(theirs))
    };
    files.iter().enumerate().any(is_own)
}

fn files_that_say_it(machine: &Machine) -> BTreeSet<String> {
    let hits = OPTIONS.iter().flat_map(|option| machine.all(option));
    hits.map(|hit| hit.spot.source().path.clone()).collect()
}
