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
use crate::repo::RepoPath;

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
    is_readable && !files.any(|path| *path == owned) && !may_be_computed(importer, &owned)
}

/// True if an import that is not followed names the file or its folder: whether it is right, only an
/// evaluation tells.
fn may_be_computed(importer: &Importer<'_>, owned: &RepoPath) -> bool {
    let unread = importer.machine.unread();
    let mut written = unread.iter().filter_map(|one| Some(one.spot.as_ref()?.written()));
    written.any(|text| text.contains(owned.file_name()) || text.contains(owned.parent_text()))
}

fn violation(context: &Context<'_>, importer: Importer<'_>) -> Violation {
    let (module, owned) = (importer.module, importer.owned);
    let message = format!("`{module}` does not import `{owned}`");
    let path = context.repo.path(owned);
    let nested = path.map(|path| importer.machine.nested_imports_of(&path));
    let nested = nested.into_iter().flatten().next();
    let violation = Violation::new(importer.subject, message);
    let violation = match nested {
        Some(spot) => violation.at_spot(&spot, "only for what is around this"),
        None => violation.at_key(context.fleet, &importer.keys, &(0..0), "this file"),
    };
    violation.help("run `larder sync`")
}
