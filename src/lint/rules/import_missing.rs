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

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::{Context, Importer};
use crate::lint::finding::error;
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Fleet(check);

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let importers = context.importers();
    importers
        .filter(|one| is_missing(context, one))
        .map(|one| finding(context, &one))
        .collect()
}

fn is_missing(context: &Context<'_>, importer: &Importer<'_>) -> bool {
    let owned = context.repo.path(importer.owned);
    // A module that is missing or does not parse is another rule's.
    let is_readable = importer.machine.files().next().is_some();
    is_readable
        && !importer
            .machine
            .files()
            .any(|path| Some(path) == owned.as_ref())
}

fn finding(context: &Context<'_>, importer: &Importer<'_>) -> Diagnostic {
    let (module, owned) = (importer.module, importer.owned);
    let finding = error(format!("`{module}` does not import `{owned}`"));
    context
        .in_inventory(finding, &importer.keys, &(0..0), "this file")
        .help("run `larder sync`")
        .about(importer.subject)
}
