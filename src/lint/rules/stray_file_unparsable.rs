//! A `.nix` file is not Nix, and larder sees no host that imports it.
//!
//! Where larder has followed all modules of all hosts, such a file is nobody's, a template
//! for example, and this rule is silent. Some hosts import files in ways that larder does
//! not follow.
//!
//! ## Why is this bad
//! If a machine imports it after all, the machine does not evaluate.
//!
//! ## Example
//! ```nix
//! # snippets/flake.nix
//! { description = "{{NAME}}"; {{BODY}} }
//! ```
//!
//! ## What to do
//! If it is meant to be Nix, correct it at the place that is shown. If it is a template,
//! give it a name that does not end with `.nix`, or allow the finding: `[[lint.allow]]` in
//! `larder.toml`.

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::{FileContext, Imported};
use crate::lint::rule::Definition;
use crate::lint::rules::file_unparsable::mistake;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::File(unparsable)],
    evaluated_half: &[],
};

fn unparsable(file: &FileContext<'_>) -> Vec<Violation> {
    let mistake = mistake(file).filter(|_| file.imported() == Imported::NotSeen);
    mistake.into_iter().collect()
}
