//! A module that larder owns was edited by hand.
//!
//! Its fingerprint, a line of its header, is that of another text. Layout does not
//! count: a formatter may run over owned modules.
//!
//! ## Why is this bad
//! The next `larder sync` writes the file anew, and the edit is lost. Until then
//! the machines do something else than the inventory says.
//!
//! ## Example
//! ```nix
//! # larder/caches/kalaw.nix
//! priority = 10;    # larder wrote 30
//! ```
//!
//! ## What to do
//! Say it in `larder.toml`, or put it into a module of your own; then run
//! `larder sync --overwrite`, which writes the file anew and shows what is lost.

use crate::diagnostic::{Severity, Source};
use crate::lint::check::StaticCheck;
use crate::lint::context::{Context, OwnedState};
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;
use crate::text::unresolved_conflict;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::OwnedModules(edited)],
    evaluated_half: &[],
};

fn edited(context: &Context<'_>) -> Vec<Violation> {
    let unlike = context.unlike_inventory().iter();
    unlike
        .filter_map(|one| match &one.state {
            OwnedState::Edited(source) => {
                let wanted = context.all_owned().get(&one.path)?;
                Some(violation(&one.path, source, wanted))
            }
            OwnedState::Missing | OwnedState::Outdated | OwnedState::InConflict => None,
        })
        .collect()
}

fn violation(path: &str, source: &Source, wanted: &str) -> Violation {
    if let Some(marks) = unresolved_conflict(&source.text) {
        let message = format!("`{path}` is larder's, was edited by hand, and is in conflict");
        return Violation::new(Subject::file(path), message)
            .at(source, marks, "a conflict that is not resolved")
            .help("say what was edited in `larder.toml`, or in a module of your own")
            .help("`larder sync --overwrite` writes it anew, and shows the difference first");
    }
    let start = first_difference(&source.text, wanted);
    let rest = source.text.get(start..).unwrap_or_default();
    let end = start + rest.find('\n').unwrap_or(rest.len());
    let message = format!("`{path}` is larder's, and was edited by hand");
    Violation::new(Subject::file(path), message)
        .at(source, start..end, "the first difference to what larder would write")
        .help("say it in `larder.toml`, or in a module of your own")
        .help("`larder sync --overwrite` writes it anew, and shows the difference first")
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
