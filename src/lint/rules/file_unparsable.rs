//! A `.nix` file is not Nix.
//!
//! ## Why is this bad
//! No machine that imports it evaluates, and larder can judge nothing in it.
//!
//! ## Example
//! ```nix
//! { networking.hostName = "pai" }    # a `;` is missing
//! ```
//!
//! ## What to do
//! Correct it at the place that is shown.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::NixContext;
use crate::lint::finding::error;
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Nix(check);

fn check(nix: &NixContext<'_>) -> Vec<Diagnostic> {
    let Some(mistake) = &nix.content.mistake else {
        return Vec::new();
    };
    if says_nothing(&nix.source.text) {
        return Vec::new();
    }
    let finding = error(format!("`{}` is not Nix", nix.source.path))
        .at(nix.source, mistake.range.clone(), &mistake.message)
        .about(&nix.source.path);
    let help = mistake.help.iter();
    vec![help.fold(finding, Diagnostic::help)]
}

/// A file that somebody has emptied or commented out is imported by nobody.
fn says_nothing(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    lines.all(|line| line.is_empty() || line.starts_with('#'))
}
