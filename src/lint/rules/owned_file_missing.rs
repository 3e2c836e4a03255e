//! A module that larder owns does not exist.
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

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::Context;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::OwnedModules(missing)],
    evaluated_half: &[],
};

fn missing(context: &Context<'_>) -> Vec<Violation> {
    let is_missing = |path: &&String| {
        let path = context.repo.path(path);
        !path.is_some_and(|path| context.repo.exists(&path))
    };
    let paths = context.owned().map(|(path, _)| path);
    paths
        .filter(is_missing)
        .map(|path| {
            Violation::new(Subject::file(path), format!("`{path}` does not exist"))
                .at(&context.fleet.source, 0..0, "the inventory needs it")
                .help("run `larder sync`")
        })
        .collect()
}
