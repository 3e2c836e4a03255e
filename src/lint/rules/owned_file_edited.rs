//! A module that larder owns is not what the inventory says.
//!
//! It was edited by hand, or `larder.toml` has changed since it was written.
//! Layout does not count: a formatter may run over owned modules.
//!
//! ## Why is this bad
//! The next `larder sync` writes the file anew, and the edit is lost. Until then
//! the machines do something else than the inventory says.
//!
//! ## Example
//! ```nix
//! # larder/caches/kalaw.nix
//! priority = 10;    # `larder.toml` says 30
//! ```
//!
//! ## What to do
//! Say it in `larder.toml`, or put it into a module of your own; then run
//! `larder sync`.

use crate::diagnostic::{Severity, Source};
use crate::lint::check::StaticCheck;
use crate::lint::context::Context;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;
use crate::nix::tokens_equal;
use crate::repo::Hash;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::OwnedModules(edited)],
    evaluated_half: &[],
};

fn edited(context: &Context<'_>) -> Vec<Violation> {
    let owned = context.owned();
    owned
        .filter_map(|(path, wanted)| {
            let file = context.repo.path(path)?;
            if context.repo.known_hash(&file) == Some(Hash::of(wanted)) {
                return None;
            }
            let source = context.repo.source(&file).ok()??;
            (!tokens_equal(&source.text, wanted)).then(|| violation(path, &source, wanted))
        })
        .collect()
}

fn violation(path: &str, source: &Source, wanted: &str) -> Violation {
    let start = first_difference(&source.text, wanted);
    let rest = source.text.get(start..).unwrap_or_default();
    let end = start + rest.find('\n').unwrap_or(rest.len());
    let message = format!("`{path}` is not what `larder.toml` says");
    Violation::new(Subject::file(path), message)
        .at(source, start..end, "the first difference")
        .help("run `larder sync --dry-run` to see what would be written, `larder sync` to write it")
}

/// Where the first line begins that differs, layout aside.
fn first_difference(text: &str, wanted: &str) -> usize {
    let mut wanted = wanted
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if !trimmed.is_empty() && wanted.next() != Some(trimmed) {
            return start + line.len() - line.trim_start().len();
        }
        start += line.len();
    }
    text.trim_end().len()
}
