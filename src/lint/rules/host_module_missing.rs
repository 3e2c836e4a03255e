//! The host module that the inventory names does not exist.
//!
//! ## Why is this bad
//! larder cannot wire the host, and the flake that imports the file does not
//! evaluate.
//!
//! ## Example
//! ```toml
//! [hosts.pai]
//! module = "configuration-pay.nix"    # there is no such file
//! ```
//!
//! ## What to do
//! Correct `module` in `larder.toml`, or bring the file back.

use crate::diagnostic::Severity;
use crate::fleet::nearest;
use crate::lint::check::StaticCheck;
use crate::lint::context::HostContext;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;
use crate::repo::{RepoPath, Unreadable};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Host(missing)],
    evaluated_half: &[],
};

const OWN_FILE: &str = "name the host's own file, relative to the flake's folder";

fn missing(host: &HostContext<'_>) -> Vec<Violation> {
    let context = host.context;
    let Some(module) = &host.module else {
        return Vec::new();
    };
    let Some(path) = context.module(host) else {
        return vec![violation(host, "does not exist", "no such file", advice(host, module))];
    };
    match context.repo.try_exists(&path) {
        // What is not a file cannot be the module; what cannot be read is `module-not-read`'s.
        Err(why @ Unreadable::NotAFile(_)) => {
            vec![violation(host, &why.to_string(), "this file", OWN_FILE.to_owned())]
        }
        Ok(false) if context.repo.submodule_of(&path).is_none() => {
            vec![violation(host, "does not exist", "no such file", advice(host, module))]
        }
        Ok(_) | Err(_) => Vec::new(),
    }
}

fn violation(host: &HostContext<'_>, what: &str, note: &str, help: String) -> Violation {
    let message = format!("the module of `{}` {what}", host.name);
    Violation::new(Subject::host(host), message)
        .at_key_of_host(host.context.fleet, host, "module", note)
        .help(help)
}

fn advice(host: &HostContext<'_>, module: &str) -> String {
    let repo = host.context.repo;
    let entry = host.context.in_flake(&host.name);
    let in_flake = entry.and_then(|entry| entry.module.as_ref());
    let owned = format!("{}/", host.context.fleet.dir);
    let is_owned = |path: &RepoPath| repo.shown(path).starts_with(&owned);
    if let Some(path) = in_flake.filter(|path| repo.exists(path) && !is_owned(path)) {
        return format!(
            "the flake has `{path}`: write `module = \"{path}\"`",
            path = repo.shown(path)
        );
    }
    let is_anothers = |path: &RepoPath| host.context.is_module_of_another(path, &host.name);
    let may_be_its = |path: &&RepoPath| !is_owned(path) && !is_anothers(path);
    let tracked = repo.tracked().filter(|path| may_be_its(path) && repo.path_exists(path));
    let files: Vec<String> = tracked.map(|path| repo.shown(path)).collect();
    match nearest(module, files.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if host.is_missing_in_flake() => {
            format!("if the machine is gone: `larder remove-host {}`", host.name)
        }
        None => OWN_FILE.to_owned(),
    }
}
