//! The inventory as it was read.

use serde::{Deserialize, Serialize};

use crate::diagnostic::Source;
use crate::fleet::Fleet;
use crate::repo::Hash;

/// What an inventory without mistakes means, as bytes: most runs meet the same one.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Inventory {
    /// Of the text.
    content: Hash,
    fleet: Vec<u8>,
}

impl Inventory {
    /// What this text means.
    pub(super) fn of(content: Hash, fleet: &Fleet) -> Option<Self> {
        let fleet = postcard::to_stdvec(fleet).ok()?;
        Some(Self { content, fleet })
    }

    /// The fleet, if this text is the one.
    pub(super) fn fleet(&self, content: Hash, source: &Source) -> Option<Fleet> {
        if self.content != content {
            return None;
        }
        let fleet: Fleet = postcard::from_bytes(&self.fleet).ok()?;
        Some(fleet.with_source(source))
    }
}
