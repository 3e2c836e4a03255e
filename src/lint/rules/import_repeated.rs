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

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::{Context, Importer};
use crate::lint::rule::Definition;
use crate::lint::violation::Violation;
use crate::survey::Spot;
use crate::text::TextEdit;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Fleet(repeated)],
    evaluated_half: &[],
};

fn repeated(context: &Context<'_>) -> Vec<Violation> {
    let importers = context.importers();
    importers
        .filter_map(|one| violation(context, one))
        .collect()
}

fn violation(context: &Context<'_>, importer: Importer<'_>) -> Option<Violation> {
    let owned = context.repo.path(importer.owned)?;
    let places = importer.machine.imports_of(&owned);
    let [first, second, ..] = places.as_slice() else {
        return None;
    };
    let message = format!("`{}` imports `{}` twice", importer.subject, importer.owned);
    let violation = Violation::new(importer.subject, message)
        .at_spot(second, "again here")
        .at_spot(first, "first here")
        .help("delete one of the two")
        .fixed_by(without(second));
    Some(violation)
}

/// Takes the item out with the blanks before it.
fn without(item: &Spot) -> Option<TextEdit> {
    let before = item.source().text.get(..item.range.start)?;
    Some(TextEdit::delete(before.trim_end().len()..item.range.end))
}
