//! By what files contain, where the flake cannot be followed: always to be confirmed.
//!
//! The paths that are written in a host's own entry, and the files of its name in the
//! usual folders that read like a machine's configuration. A home-manager tree with the
//! same names is no evidence of a host.

use std::collections::{BTreeMap, BTreeSet};

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
use crate::nix::static_name;
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

/// The modules that are written as paths in a host's entry, each with how many imports
/// lead to it: what a module there `imports` is a part of that module.
pub(in crate::flake) fn modules_in_entry(
    eval: &Eval,
    entry: Option<&FlakeEntry>,
) -> Vec<(usize, ModuleRef)> {
    let Some(entry) =
        entry.filter(|entry| matches!(entry.kind, EntryKind::Binding | EntryKind::Row))
    else {
        return Vec::new();
    };
    let file = eval.repo.nix(&entry.file).and_then(Result::ok);
    let Some(node) = file.and_then(|nix| nix.node_at(&entry.range)) else {
        return Vec::new();
    };
    let mut files: BTreeMap<RepoPath, usize> = BTreeMap::new();
    for literal in path_literals(&node) {
        let path = path_of(&literal, &entry.file);
        let Some(file) = path.and_then(|path| eval.module_file(&path)) else {
            continue;
        };
        let level = usize::from(is_imported(&literal, &node));
        let least = files.entry(file).or_insert(level);
        *least = level.min(*least);
    }
    let is_module = |file: &RepoPath| is_nix(file) && !eval.flake_parts.contains(file);
    let modules = files.into_iter().filter(|(file, _)| is_module(file));
    modules
        .map(|(file, level)| (level, ModuleRef::file(file)))
        .collect()
}

/// True if the path is an item of `imports` somewhere within the entry.
fn is_imported(literal: &SyntaxNode, entry: &SyntaxNode) -> bool {
    let above = literal.ancestors().take_while(|node| node != entry);
    let mut bindings = above.filter_map(ast::AttrpathValue::cast);
    bindings.any(|binding| {
        let last = binding.attrpath().and_then(|path| path.attrs().last());
        last.and_then(|attr| static_name(&attr)).as_deref() == Some("imports")
    })
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
    let literals = path_literals(node);
    literals
        .filter_map(|literal| path_of(&literal, file))
        .collect()
}

fn path_literals(node: &SyntaxNode) -> impl Iterator<Item = SyntaxNode> {
    let all = node.descendants();
    all.filter(|node| ast::PathRel::can_cast(node.kind()))
}

fn path_of(literal: &SyntaxNode, file: &RepoPath) -> Option<RepoPath> {
    file.parent().join(&literal.text().to_string())
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
