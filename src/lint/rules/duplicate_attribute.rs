//! An attribute is defined twice in one set.
//!
//! ## Why is this bad
//! Nix refuses the file: `error: attribute 'x' already defined`. Merges by git
//! make such files, and editors do not see it.
//!
//! ## Example
//! ```nix
//! { networking.hostName = "pai"; networking.hostName = "kalaw"; }
//! ```
//!
//! ## What to do
//! Delete one of the two.

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::FileContext;
use crate::lint::rule::Definition;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::File(duplicates)],
    evaluated_half: &[],
};

fn duplicates(file: &FileContext<'_>) -> Vec<Violation> {
    let found = file.content.duplicates.iter();
    found
        .map(|duplicate| {
            let name = &duplicate.name;
            let subject = file.subject().part(name);
            Violation::new(subject, format!("`{name}` is defined twice"))
                .at(file.source, duplicate.second.clone(), "again here")
                .at(file.source, duplicate.first.clone(), "first here")
                .help("delete one of the two")
        })
        .collect()
}
