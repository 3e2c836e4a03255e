//! By imports: the modules that each host reaches, which are those that the flake lists
//! and, where these do not settle whose they are, what they import
//! (`imports = [ ./${hostname} ]`).

use std::collections::{BTreeMap, BTreeSet};

use crate::flake::eval::Eval;
use crate::flake::host_module::listed::{ListedHost, imports_of, module_refs};
use crate::flake::host_module::module_ref::ModuleRef;
use crate::repo::RepoPath;

/// How far imports of imports are followed.
const MAX_LEVELS: usize = 4;

/// A module of a host.
#[derive(Clone)]
pub(super) struct ReachedModule {
    pub(super) module: ModuleRef,
    /// How many imports lead to it; 0: the flake lists it.
    pub(super) level: usize,
    /// How many hosts reach it.
    pub(super) hosts: usize,
    /// For how many hosts the flake lists it.
    pub(super) listed_by: usize,
}

/// The modules of each host. Imports are followed for the hosts that none of their
/// modules `settles`.
pub(super) fn modules(
    eval: &mut Eval,
    all: &[ListedHost],
    settles: impl Fn(&ModuleRef, &str) -> bool,
) -> Vec<Vec<ReachedModule>> {
    let listed = all.iter().map(|host| module_refs(&host.modules));
    let mut reached = without_tables(listed.collect());
    for (host, modules) in all.iter().zip(&mut reached) {
        let mut looked_into = BTreeSet::new();
        for _ in 1..MAX_LEVELS {
            if modules
                .iter()
                .any(|(_, module)| settles(module, &host.name))
            {
                break;
            }
            follow(eval, host, modules, &mut looked_into);
        }
    }
    let hosts = count(reached.iter().flatten());
    let listed_by = count(reached.iter().flatten().filter(|(level, _)| *level == 0));
    let of = |(level, module): (usize, ModuleRef)| ReachedModule {
        level,
        hosts: hosts.get(&module).copied().unwrap_or_default(),
        listed_by: listed_by.get(&module).copied().unwrap_or_default(),
        module,
    };
    let reached = reached.into_iter();
    reached
        .map(|modules| modules.into_iter().map(of).collect())
        .collect()
}

/// Adds what the files among the modules import.
fn follow(
    eval: &mut Eval,
    host: &ListedHost,
    modules: &mut Vec<(usize, ModuleRef)>,
    done: &mut BTreeSet<RepoPath>,
) {
    let Some(system) = &host.system else { return };
    for (level, module) in modules.clone() {
        if module.within.is_some() || !done.insert(module.file.clone()) {
            continue;
        }
        for (below, found) in module_refs(&imports_of(eval, system, &module.file)) {
            if !modules.iter().any(|(_, known)| *known == found) {
                modules.push((level + 1 + below, found));
            }
        }
    }
}

/// Drops items of lists (`hosts.pai.modules = [ { … } ]`) from files in which other
/// hosts have such items too: a table of hosts is nobody's own module.
fn without_tables(mut hosts: Vec<Vec<(usize, ModuleRef)>>) -> Vec<Vec<(usize, ModuleRef)>> {
    let mut owners: BTreeMap<RepoPath, usize> = BTreeMap::new();
    for modules in &hosts {
        let lists = modules.iter().filter(|(_, module)| module.in_list);
        let files: BTreeSet<&RepoPath> = lists.map(|(_, module)| &module.file).collect();
        for file in files {
            *owners.entry(file.clone()).or_default() += 1;
        }
    }
    for modules in &mut hosts {
        modules.retain(|(_, module)| !module.in_list || owners[&module.file] == 1);
    }
    hosts
}

fn count<'a>(modules: impl Iterator<Item = &'a (usize, ModuleRef)>) -> BTreeMap<ModuleRef, usize> {
    let mut counts = BTreeMap::new();
    for (_, module) in modules {
        *counts.entry(module.clone()).or_default() += 1;
    }
    counts
}
