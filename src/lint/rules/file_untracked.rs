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

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::Context;
use crate::lint::finding::error;
use crate::lint::rule::Check;
use crate::repo::Tracking;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Fleet(check);

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    if !context.repo.has_git() {
        return Vec::new();
    }
    let modules = context
        .fleet
        .hosts
        .values()
        .filter_map(|host| host.module.as_ref());
    let modules = modules.chain(&context.fleet.import);
    let mut needed: Vec<&String> = context.owned().map(|(path, _)| path).chain(modules).collect();
    needed.sort();
    needed.dedup();
    let untracked = |path: &&&String| {
        let path = context.repo.path(path);
        path.is_some_and(|path| {
            context.repo.tracking(&path) == Tracking::Untracked && context.repo.exists(&path)
        })
    };
    let finding = |path: &String| {
        error(format!(
            "git does not know `{path}`, so Nix does not see it"
        ))
        .help(format!("run `git add --intent-to-add {path}`"))
        .in_file(path)
        .about(path)
    };
    needed
        .iter()
        .filter(untracked)
        .map(|path| finding(path))
        .collect()
}
