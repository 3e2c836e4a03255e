//! A file that the fleet needs is on the disk, but git does not know it.
//!
//! ## Why is this bad
//! Nix sees only files that git knows when it evaluates a flake: it fails with
//! `error: path '…' does not exist`, though the file is there.
//!
//! ## Example
//! ```console
//! $ git status --short
//! ?? larder/caches/kalaw.nix
//! ```
//!
//! ## What to do
//! `git add --intent-to-add FILE`, or commit it.

use std::collections::BTreeSet;

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::Context;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Tracking(untracked)],
    evaluated_half: &[],
};

fn untracked(context: &Context<'_>) -> Vec<Violation> {
    if !context.repo.has_git() {
        return Vec::new();
    }
    let untracked = needed(context).into_iter();
    let untracked = untracked.filter(|path| is_untracked(context, path));
    untracked
        .map(|path| {
            let message = format!("git does not know `{path}`, so Nix does not see it");
            Violation::new(Subject::file(path), message)
                .in_file(path)
                .help(format!("run `git add --intent-to-add {path}`"))
        })
        .collect()
}

/// The files that Nix needs, by path from the flake's folder.
fn needed<'a>(context: &'a Context<'_>) -> BTreeSet<&'a String> {
    let fleet = context.fleet;
    let hosts = fleet.hosts.values();
    let modules = hosts.filter_map(|host| host.module.as_ref());
    let modules = modules.chain(&fleet.import);
    context
        .owned()
        .map(|(path, _)| path)
        .chain(modules)
        .collect()
}

fn is_untracked(context: &Context<'_>, path: &str) -> bool {
    let path = context.repo.path(path);
    path.is_some_and(|path| {
        let repo = context.repo;
        // What is in a submodule, the submodule's own git knows.
        let is_ours = repo.submodule_of(&path).is_none();
        is_ours && repo.is_unknown_to_git(&path)
    })
}
