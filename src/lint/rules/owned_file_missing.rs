//! A module that larder owns is not there.
//!
//! ## Why is this bad
//! The host that imports it does not evaluate, or is not wired.
//!
//! ## Example
//! `larder.toml` has `[caches.kalaw]`, and `larder/caches/kalaw.nix` was deleted.
//!
//! ## What to do
//! `larder sync` writes it again. To be rid of the wiring, run
//! `larder remove-cache`.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::Context;
use crate::lint::finding::error;
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Fleet(check);

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let missing = |path: &&String| {
        let path = context.repo.path(path);
        !path.is_some_and(|path| context.repo.exists(&path))
    };
    let finding = |path: &String| {
        error(format!("`{path}` is not there"))
            .at(&context.fleet.source, 0..0, "the inventory needs it")
            .help("run `larder sync`")
            .about(path)
    };
    let paths = context.owned().map(|(path, _)| path);
    paths.filter(missing).map(finding).collect()
}
