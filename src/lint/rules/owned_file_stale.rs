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

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::Context;
use crate::lint::finding::warning;
use crate::lint::rule::Check;
use crate::repo::RepoPath;
use crate::wiring;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Fleet(check);

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
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
            warning(format!("nothing needs `{}` any more", source.path))
                .at(&source, 0..end, "")
                .help("run `larder sync`")
                .about(&source.path)
        })
        .collect()
}
