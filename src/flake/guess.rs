//! What can be said where the flake cannot be followed: always to be confirmed.
//!
//! Paths that are written in a host's own entry, the usual folders, and folders that
//! `nixosConfigurations` names. A home-manager tree with the same names is no
//! evidence of a host.

use std::collections::BTreeSet;

use rnix::{SyntaxNode, ast};
use rowan::ast::AstNode;

use crate::diagnostic::Diagnostic;
use crate::flake::bearing::{Bearing, bearing, is_aspect, is_shared_part};
use crate::flake::eval::Eval;
use crate::flake::eval::value::{Origin, Value};
use crate::flake::found::{Entry, EntryKind, Found, FoundHost};
use crate::flake::members::Place;
use crate::flake::own::Answer;
use crate::flake::reach::Listed;
use crate::repo::RepoPath;

/// Folders in which people keep one entry a machine.
const FOLDERS: &[&str] = &[
    "configurations",
    "host",
    "hosts",
    "machine",
    "machines",
    "nixos",
    "nixos-configurations",
    "systems",
];

/// Words that only the configuration of a machine has.
const EVIDENCE: &[&str] = &[
    "boot.loader",
    "filesystems",
    "hardware-configuration",
    "hostname",
    "hostplatform",
    "system.stateversion",
];

/// The modules that are written as paths in a host's entry.
pub(super) fn in_entry(eval: &Eval, entry: Option<&Entry>) -> Vec<Place> {
    let Some(entry) =
        entry.filter(|entry| matches!(entry.kind, EntryKind::Binding | EntryKind::Row))
    else {
        return Vec::new();
    };
    let file = eval.repo.nix(&entry.file).and_then(Result::ok);
    let Some(node) = file.and_then(|nix| nix.node_at(&entry.range)) else {
        return Vec::new();
    };
    let files: BTreeSet<RepoPath> = paths(&node, &entry.file)
        .iter()
        .filter_map(|path| eval.module_file(path))
        .collect();
    let modules = files.into_iter().filter(is_nix);
    modules.map(Place::file).collect()
}

/// The file of the host's name in one of the usual folders, if there is just one.
pub(super) fn for_host(eval: &Eval, host: &Listed, answer: Answer) -> Answer {
    let named = eval
        .repo
        .tracked()
        .filter(|file| bearing(file, &host.name) == Bearing::Whole && is_machine(eval, file));
    let mut named: Vec<RepoPath> = named.cloned().collect();
    named.sort_by_key(|file| file.as_str().len());
    let mut usual = named.iter().filter(|file| in_usual_folder(file));
    let only = usual.next().filter(|_| usual.next().is_none()).cloned();
    let candidates = answer.candidates.into_iter().chain(named).take(9).collect();
    let how = match &only {
        Some(_) => format!("named after the host; {}", answer.how),
        None => answer.how,
    };
    Answer {
        place: only.map(Place::file),
        how,
        confirm: true,
        candidates,
    }
}

/// The entries of the one folder that an unknown `nixosConfigurations` names.
pub(super) fn hosts(eval: &mut Eval, flake: &RepoPath, outputs: &Value) -> Option<Found> {
    let Value::Attrs(outputs) = outputs else {
        return None;
    };
    let slot = outputs.slots.get("nixosConfigurations")?;
    let Origin::Binding(span) = slot.origin.as_deref()? else {
        return None;
    };
    let node = eval.repo.nix(&span.file)?.ok()?.node_at(&span.range)?;
    let folders = paths(&node, &span.file)
        .into_iter()
        .filter(|path| path != eval.repo.dir() && eval.is_dir(path));
    let mut found: Vec<(RepoPath, Vec<FoundHost>)> = folders
        .map(|folder| {
            let hosts = entries(eval, &folder);
            (folder, hosts)
        })
        .filter(|(_, hosts)| !hosts.is_empty())
        .collect();
    let (folder, hosts) = found.pop().filter(|_| found.is_empty())?;
    let why = match eval.force(&slot.value) {
        Value::Unknown(why) => why.to_string(),
        other => other.kind().to_owned(),
    };
    let message = format!(
        "the hosts are taken from the folder `{}`, since the flake could not be followed: {why}",
        eval.repo.shown(&folder)
    );
    let notes = vec![Diagnostic::warning("hosts-guessed", message)];
    Some(Found {
        hosts,
        flake: flake.clone(),
        notes,
    })
}

fn entries(eval: &Eval, folder: &RepoPath) -> Vec<FoundHost> {
    let mut hosts = Vec::new();
    for (name, is_folder) in eval.children(folder) {
        let files: &[&str] = if is_folder {
            &["default.nix", "configuration.nix"]
        } else {
            &[""]
        };
        let Some(entry) = folder.join(&name) else {
            continue;
        };
        let mut modules = files
            .iter()
            .filter_map(|file| entry.join(file))
            .filter(|file| eval.is_file(file));
        let stem = name.strip_suffix(".nix").unwrap_or(&name);
        let Some(module) = modules.next().filter(|module| is_machine(eval, module)) else {
            continue;
        };
        if stem == "default" || (!is_folder && stem == name) {
            continue;
        }
        hosts.push(FoundHost {
            name: stem.to_owned(),
            within: None,
            is_list: false,
            modules: None,
            system: None,
            shape: "mapped",
            how: "in the folder that `nixosConfigurations` names".to_owned(),
            confirm: true,
            candidates: vec![module.clone()],
            module: Some(module),
            entry: Some(Entry {
                file: entry,
                range: 0..0,
                kind: EntryKind::Directory,
            }),
        });
    }
    hosts
}

/// The paths that are written below a node, from the file's folder.
fn paths(node: &SyntaxNode, file: &RepoPath) -> BTreeSet<RepoPath> {
    let literals = node
        .descendants()
        .filter(|node| ast::PathRel::can_cast(node.kind()));
    literals
        .filter_map(|literal| file.parent().join(&literal.text().to_string()))
        .collect()
}

fn is_nix(file: &RepoPath) -> bool {
    file.as_str().strip_suffix(".nix").is_some()
}

fn in_usual_folder(file: &RepoPath) -> bool {
    let parent = file.parent();
    let grandparent = parent.parent();
    [parent, grandparent]
        .iter()
        .any(|dir| FOLDERS.contains(&dir.file_name()))
}

/// True if the file reads as the configuration of a machine.
fn is_machine(eval: &Eval, file: &RepoPath) -> bool {
    if is_aspect(file) || is_shared_part(file, false) || !is_nix(file) {
        return false;
    }
    let beside = ["hardware-configuration.nix", "hardware.nix"]
        .iter()
        .filter_map(|name| file.parent().join(name));
    let text = match eval.repo.text(file) {
        Ok(Some(text)) => text.to_lowercase(),
        _ => return false,
    };
    let says = EVIDENCE.iter().any(|word| text.contains(word))
        || beside.into_iter().any(|file| eval.is_file(&file));
    says && !text.contains("home.username") && !text.contains("homebrew.")
}
