//! The hosts of a flake that could not be followed, by the one folder that its
//! `nixosConfigurations` names: always to be confirmed.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::flake::discovery::{Discovery, EntryKind, FlakeEntry, FoundHost};
use crate::flake::eval::Eval;
use crate::flake::eval::value::{Origin, Value};
use crate::flake::flake_module::FlakeModule;
use crate::flake::host_module::{is_machine, written_paths};
use crate::repo::RepoPath;

/// A host for each entry of the folder; `None` where there is no such folder, or more
/// than one.
pub(super) fn found(eval: &mut Eval, flake: &RepoPath, outputs: &Value) -> Option<Discovery> {
    let Value::Attrs(outputs) = outputs else {
        return None;
    };
    let slot = outputs.slots.get("nixosConfigurations")?;
    let Origin::Binding(span) = slot.origin.as_deref()? else {
        return None;
    };
    let node = eval.repo.nix(&span.file)?.ok()?.node_at(&span.range)?;
    let folders = written_paths(&node, &span.file)
        .into_iter()
        .filter(|path| path != eval.repo.dir() && eval.is_dir(path));
    let mut found: Vec<(RepoPath, Vec<FoundHost>)> = folders
        .map(|folder| {
            let hosts = hosts_of(eval, &folder);
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
    Some(Discovery {
        hosts,
        flake: flake.clone(),
        parts: BTreeSet::new(),
        notes,
    })
}

fn hosts_of(eval: &Eval, folder: &RepoPath) -> Vec<FoundHost> {
    let children = eval.children(folder).into_iter();
    children
        .filter_map(|(name, is_folder)| host_of(eval, folder.join(&name)?, &name, is_folder))
        .collect()
}

/// `NAME.nix`, or a folder `NAME` with an entry file.
fn host_of(eval: &Eval, entry: RepoPath, name: &str, is_folder: bool) -> Option<FoundHost> {
    let files: &[&str] = if is_folder {
        &["default.nix", "configuration.nix"]
    } else {
        &[""]
    };
    let mut modules = files
        .iter()
        .filter_map(|file| entry.join(file))
        .filter(|file| eval.is_file(file));
    let module = modules.next().filter(|module| is_machine(eval, module))?;
    let stem = name.strip_suffix(".nix").unwrap_or(name);
    if stem == "default" || (!is_folder && stem == name) {
        return None;
    }
    Some(FoundHost {
        name: stem.to_owned(),
        within: None,
        is_list: false,
        modules: vec![FlakeModule::Unknown(
            "the flake could not be followed".to_owned(),
        )],
        system: None,
        shape: "mapped",
        how: "in the folder that `nixosConfigurations` names".to_owned(),
        confirm: true,
        candidates: vec![module.clone()],
        module: Some(module),
        entry: Some(FlakeEntry {
            file: entry,
            range: 0..0,
            kind: EntryKind::Directory,
        }),
    })
}
