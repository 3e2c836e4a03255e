//! By what files contain, where the flake cannot be followed: always to be confirmed.
//!
//! The paths that are written in a host's own entry, and the files of its name in the
//! usual folders that read like a machine's configuration. A home-manager tree with the
//! same names is no evidence of a host.

use std::collections::BTreeSet;

use rnix::{SyntaxNode, ast};
use rowan::ast::AstNode;

use crate::flake::discovery::{EntryKind, FlakeEntry};
use crate::flake::eval::Eval;
use crate::flake::host_module::candidate::Names;
use crate::flake::host_module::choice::Choice;
use crate::flake::host_module::listed::ListedHost;
use crate::flake::host_module::module_ref::ModuleRef;
use crate::flake::host_module::name_match::{
    NameMatch, is_aspect, is_folder_of_hosts, is_shared_part, of_path,
};
use crate::repo::RepoPath;

/// Words that only the configuration of a machine has.
const EVIDENCE: &[&str] = &[
    "boot.loader",
    "filesystems",
    "hardware-configuration",
    "hostname",
    "hostplatform",
    "system.stateversion",
];

/// How many candidates are named to a person.
const NAMED: usize = 9;

/// The modules that are written as paths in a host's entry.
pub(in crate::flake) fn modules_in_entry(
    eval: &Eval,
    entry: Option<&FlakeEntry>,
) -> Vec<ModuleRef> {
    let Some(entry) =
        entry.filter(|entry| matches!(entry.kind, EntryKind::Binding | EntryKind::Row))
    else {
        return Vec::new();
    };
    let file = eval.repo.nix(&entry.file).and_then(Result::ok);
    let Some(node) = file.and_then(|nix| nix.node_at(&entry.range)) else {
        return Vec::new();
    };
    let files: BTreeSet<RepoPath> = written_paths(&node, &entry.file)
        .iter()
        .filter_map(|path| eval.module_file(path))
        .collect();
    let is_module = |file: &RepoPath| is_nix(file) && !eval.flake_parts.contains(file);
    let modules = files.into_iter().filter(is_module);
    modules.map(ModuleRef::file).collect()
}

/// The file of the host's name in one of the usual folders, if there is just one.
pub(super) fn search(eval: &Eval, host: &ListedHost, hosts: &Names, choice: Choice) -> Choice {
    let is_named = |file: &&RepoPath| {
        of_path(file, &host.name) == NameMatch::Whole && !hosts.are_of_another(file, &host.name)
    };
    let named = eval.repo.tracked().filter(is_named);
    let named = named.filter(|file| is_machine(eval, file));
    let mut named: Vec<RepoPath> = named.cloned().collect();
    named.sort_by_key(|file| file.as_str().len());
    let mut usual = named.iter().filter(|file| is_in_usual_folder(file));
    let only = usual.next().filter(|_| usual.next().is_none()).cloned();
    let mut candidates = named;
    for other in choice.candidates {
        if !candidates.contains(&other) {
            candidates.push(other);
        }
    }
    candidates.truncate(NAMED);
    Choice {
        how: match &only {
            Some(_) => format!("named after the host; {}", choice.how),
            None => choice.how,
        },
        module: only.map(ModuleRef::file),
        confirm: true,
        candidates,
    }
}

/// The paths that are written below a node, from the file's folder.
pub(in crate::flake) fn written_paths(node: &SyntaxNode, file: &RepoPath) -> BTreeSet<RepoPath> {
    let literals = node
        .descendants()
        .filter(|node| ast::PathRel::can_cast(node.kind()));
    literals
        .filter_map(|literal| file.parent().join(&literal.text().to_string()))
        .collect()
}

/// True if the file reads as the configuration of a machine.
pub(in crate::flake) fn is_machine(eval: &Eval, file: &RepoPath) -> bool {
    let is_of_the_flake = eval.flake_parts.contains(file) || file.file_name() == "flake.nix";
    if is_of_the_flake || is_aspect(file) || is_shared_part(file, false) || !is_nix(file) {
        return false;
    }
    let beside = ["hardware-configuration.nix", "hardware.nix"]
        .iter()
        .filter_map(|name| file.parent().join(name));
    let text = match eval.repo.text(file) {
        Ok(Some(text)) => text.to_lowercase(),
        _ => return false,
    };
    let is_evident = EVIDENCE.iter().any(|word| text.contains(word))
        || beside.into_iter().any(|file| eval.is_file(&file));
    is_evident && !text.contains("home.username") && !text.contains("homebrew.")
}

fn is_nix(file: &RepoPath) -> bool {
    file.as_str().strip_suffix(".nix").is_some()
}

fn is_in_usual_folder(file: &RepoPath) -> bool {
    let parent = file.parent();
    let grandparent = parent.parent();
    [parent, grandparent]
        .iter()
        .any(|dir| is_folder_of_hosts(dir.file_name()))
}
