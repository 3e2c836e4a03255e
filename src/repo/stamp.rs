//! How an unchanged file is recognized without reading it.

use std::hash::Hasher;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::hash::Hash;

/// The metadata that identifies a file in the work tree. Equal stamps mean that nobody
/// has written to the file in between: the time of change cannot be set back.
///
/// Only a file that was at rest has a stamp: one that was changed a moment ago may be
/// changed again within the resolution of the file system's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The file system.
    pub device: u64,
    /// The inode on that file system.
    pub inode: u64,
    /// The length in bytes.
    pub size: u64,
    /// When the content was last written, since 1970.
    pub modified: Duration,
    /// When content or metadata was last changed, since 1970.
    pub changed: Duration,
}

// Inode and nanoseconds tell almost all files apart; equality compares every field.
impl std::hash::Hash for Stamp {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.inode);
        state.write_u32(self.changed.subsec_nanos());
    }
}

/// Finds the content hash of the file with this stamp, as an earlier run stored it.
pub type HashLookup = Arc<dyn Fn(&Stamp) -> Option<Hash> + Send + Sync>;
