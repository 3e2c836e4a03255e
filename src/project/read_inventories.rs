//! The inventories of one run by their texts, so that none is read twice.

use std::sync::{Arc, Mutex, PoisonError};

use crate::diagnostic::{Diagnostic, Source};
use crate::fleet::Fleet;

/// What was read so far: of a repository, and of what plans make of it. A text with mistakes
/// is read each time.
#[derive(Debug, Default)]
pub(super) struct ReadInventories(Mutex<Vec<Arc<Fleet>>>);

impl ReadInventories {
    /// What the text means; `read` is asked if it is new.
    pub(super) fn read(
        &self,
        source: &Source,
        read: impl FnOnce() -> Result<Fleet, Vec<Diagnostic>>,
    ) -> Result<Arc<Fleet>, Vec<Diagnostic>> {
        let is_it = |fleet: &&Arc<Fleet>| fleet.source == *source;
        // A panic elsewhere leaves the list whole: it only grows.
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known().iter().find(is_it) {
            return Ok(known.clone());
        }
        let fleet = Arc::new(read()?);
        known().push(fleet.clone());
        Ok(fleet)
    }
}
