//! A module that larder once wrote and that nothing needs any more.
//!
//! ## Why is this bad
//! It looks as if it were in force. Somebody may import it again, with keys that
//! have changed since.
//!
//! ## Example
//! `larder/caches/kalaw.nix` is there, and `larder.toml` has no `[caches.kalaw]`.
//!
//! ## What to do
//! `larder sync` deletes it.

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::Context;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;
use crate::repo::RepoPath;
use crate::wiring;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::OwnedModules(stale)],
    evaluated_half: &[],
};

fn stale(context: &Context<'_>) -> Vec<Violation> {
    // One command helps against both.
    if context.is_sync_due() {
        return Vec::new();
    }
    let Some(dir) = context.repo.path(&context.fleet.dir) else {
        return Vec::new();
    };
    let is_stale = |path: &&RepoPath| {
        let shown = context.repo.shown(path);
        context.judges_owned(&shown) && !context.all_owned().contains_key(&shown)
    };
    let paths = context.repo.tracked_under(&dir);
    paths
        .filter(is_stale)
        .filter_map(|path| context.repo.source(path).ok()?)
        .filter(|source| wiring::is_owned(&source.text))
        .map(|source| {
            let end = source.text.find('\n').unwrap_or(source.text.len());
            let message = format!("nothing needs `{}` any more", source.path);
            Violation::new(Subject::file(&source.path), message)
                .at(&source, 0..end, "")
                .help("run `larder sync`")
        })
        .collect()
}
