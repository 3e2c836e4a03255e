//! The inventory of a repository.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Source, Stop};
use crate::fleet::{Fleet, INVENTORY};
use crate::repo::{Repo, Unreadable};

/// The fleet that the inventory at the flake's root means.
///
/// # Errors
/// When there is no inventory, it cannot be read, or it has mistakes.
pub(super) fn load(
    repo: &Repo,
    read: impl FnOnce(&Source) -> Result<Arc<Fleet>, Vec<Diagnostic>>,
) -> Result<Arc<Fleet>, Stop> {
    match repo.path(INVENTORY).map(|path| repo.text(&path)) {
        Some(Ok(Some(text))) => read(&Source::new(INVENTORY, text)).map_err(Stop::Refused),
        Some(Err(why)) => Err(unreadable(&why)),
        Some(Ok(None)) | None => Err(missing()),
    }
}

fn unreadable(why: &Unreadable) -> Stop {
    let message = format!("`{INVENTORY}` {why}");
    Stop::fault(Diagnostic::error("inventory-unreadable", message).about(INVENTORY))
}

fn missing() -> Stop {
    let message = format!("there is no `{INVENTORY}` here");
    Stop::fault(
        Diagnostic::error("inventory-missing", message)
            .about(INVENTORY)
            .help("`larder init` writes it")
            .help("`larder lint --no-inventory` judges the files without one"),
    )
}
