//! A `.nix` file is not Nix.
//!
//! ## Why is this bad
//! No machine that imports it evaluates, and larder can judge nothing in it. A file that no
//! host imports, such as a template, is not reported.
//!
//! ## Example
//! ```nix
//! { networking.hostName = "pai" }    # a `;` is missing
//! ```
//!
//! ## What to do
//! Correct it at the place that is shown.

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::{FileContext, Imported};
use crate::lint::rule::Definition;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::File(unparsable)],
    evaluated_half: &[],
};

fn unparsable(file: &FileContext<'_>) -> Vec<Violation> {
    let mistake = mistake(file).filter(|_| file.imported() == Imported::Yes);
    mistake.into_iter().collect()
}

/// Why the file does not parse.
pub(super) fn mistake(file: &FileContext<'_>) -> Option<Violation> {
    let mistake = file.content.mistake.as_ref();
    let mistake = mistake.filter(|_| !says_nothing(&file.source.text))?;
    let message = format!("`{}` is not Nix", file.source.path);
    let violation = Violation::new(file.subject(), message).at(
        file.source,
        mistake.range.clone(),
        &mistake.message,
    );
    let help = mistake.help.iter();
    Some(help.fold(violation, Violation::help))
}

/// A file that somebody has emptied or commented out is imported by nobody.
fn says_nothing(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    lines.all(|line| line.is_empty() || line.starts_with('#'))
}
