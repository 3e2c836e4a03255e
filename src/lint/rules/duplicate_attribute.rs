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

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::NixContext;
use crate::lint::finding::error;
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Nix(check);

fn check(nix: &NixContext<'_>) -> Vec<Diagnostic> {
    let found = nix.content.duplicates.iter();
    found
        .map(|duplicate| {
            let name = &duplicate.name;
            error(format!("`{name}` is defined twice"))
                .at(nix.source, duplicate.second.clone(), "again here")
                .at(nix.source, duplicate.first.clone(), "first here")
                .help("delete one of the two")
                .about(format!("{} {name}", nix.source.path))
        })
        .collect()
}
