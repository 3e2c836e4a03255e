//! Which owned modules are not what the inventory says, and by whose doing.

use super::Context;
use super::owned_state::{OwnedState, UnlikeInventory};
use crate::nix::tokens_equal;
use crate::repo::{Hash, RepoPath, Unreadable};
use crate::text::unresolved_conflict;
use crate::wiring;

impl Context<'_> {
    /// The owned modules that are judged and are not what the inventory says.
    pub(in crate::lint) fn unlike_inventory(&self) -> &[UnlikeInventory] {
        self.unlike.get_or_init(|| {
            let unlike = |(path, wanted): (&String, &String)| {
                let state = self.unlike(path, wanted)?;
                let path = path.clone();
                Some(UnlikeInventory { path, state })
            };
            self.owned().filter_map(unlike).collect()
        })
    }

    fn unlike(&self, path: &str, wanted: &str) -> Option<OwnedState> {
        let is_there = |file: &RepoPath| match self.repo.try_exists(file) {
            Ok(is_there) => is_there,
            // What is there in its place is no module.
            Err(Unreadable::NotAFile(_) | Unreadable::NotText) => false,
            Err(_) => true,
        };
        let Some(file) = self.repo.path(path).filter(is_there) else {
            return Some(OwnedState::Missing);
        };
        if self.repo.known_hash(&file) == Some(Hash::of(wanted)) {
            return None;
        }
        let source = self.repo.source(&file).ok()??;
        if tokens_equal(&source.text, wanted) {
            return None;
        }
        if !wiring::may_be_rewritten(path, &source.text, Some(wanted)) {
            return Some(OwnedState::Edited(source));
        }
        match unresolved_conflict(&source.text) {
            Some(_) => Some(OwnedState::InConflict),
            None => Some(OwnedState::Outdated),
        }
    }

    /// True if `larder sync` has something to write for a reason that is the inventory's.
    pub(in crate::lint) fn is_sync_due(&self) -> bool {
        let mut unlike = self.unlike_inventory().iter();
        unlike.any(|one| !matches!(one.state, OwnedState::Edited(_)))
    }
}
