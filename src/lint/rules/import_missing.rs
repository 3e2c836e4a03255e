//! A host module does not import what larder wrote for the host.
//!
//! ## Why is this bad
//! The wiring is there and reaches no machine: the host does not serve, or asks
//! no cache.
//!
//! ## Example
//! ```nix
//! # configuration-pai.nix
//! { imports = [ ./hardware.nix ]; }    # ./larder/hosts/pai.nix is missing
//! ```
//!
//! ## What to do
//! `larder sync` adds the import.

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::{Context, Importer};
use crate::lint::rule::Definition;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Fleet(missing)],
    evaluated_half: &[],
};

fn missing(context: &Context<'_>) -> Vec<Violation> {
    let importers = context.importers();
    importers
        .filter(|one| is_missing(context, one))
        .map(|one| violation(context, one))
        .collect()
}

fn is_missing(context: &Context<'_>, importer: &Importer<'_>) -> bool {
    // What is not there yet cannot be imported: `larder sync` writes both.
    let owned = context.repo.path(importer.owned);
    let Some(owned) = owned.filter(|owned| context.repo.exists(owned)) else {
        return false;
    };
    // A module that is missing or does not parse is another rule's.
    let is_readable = importer.machine.files().next().is_some();
    let mut files = importer.machine.files();
    is_readable && !files.any(|path| *path == owned)
}

fn violation(context: &Context<'_>, importer: Importer<'_>) -> Violation {
    let (module, owned) = (importer.module, importer.owned);
    let message = format!("`{module}` does not import `{owned}`");
    Violation::new(importer.subject, message)
        .at_key(context.fleet, &importer.keys, &(0..0), "this file")
        .help("run `larder sync`")
}
