//! A host module imports the same owned module twice.
//!
//! ## Why is this bad
//! Nix takes it once, so it does no harm today; but whoever removes one of the
//! two believes that the wiring is gone.
//!
//! ## Example
//! ```nix
//! imports = [ ./larder/hosts/pai.nix ./hardware.nix ./larder/hosts/pai.nix ];
//! ```
//!
//! ## What to do
//! Delete one of the two.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::{Context, Importer};
use crate::lint::finding::{at, warning, with_fix};
use crate::lint::rule::Check;
use crate::survey::Spot;
use crate::text::TextEdit;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Fleet(check);

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let importers = context.importers();
    importers
        .filter_map(|one| repeated(context, &one))
        .collect()
}

fn repeated(context: &Context<'_>, importer: &Importer<'_>) -> Option<Diagnostic> {
    let owned = context.repo.path(importer.owned)?;
    let places = importer.machine.imports_of(&owned);
    let [first, second, ..] = places.as_slice() else {
        return None;
    };
    let message = format!("`{}` imports `{}` twice", importer.subject, importer.owned);
    let finding = warning(message).about(importer.subject);
    let finding = at(finding, second, "again here");
    let finding = at(finding, first, "first here").help("delete one of the two");
    Some(with_fix(finding, without(second)))
}

/// Takes the item out with the blanks before it.
fn without(item: &Spot) -> Option<TextEdit> {
    let before = item.source().text.get(..item.range.start)?;
    Some(TextEdit::delete(before.trim_end().len()..item.range.end))
}
