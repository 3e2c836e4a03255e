//! What is known of an owned module.

use crate::diagnostic::Source;

/// An owned module that is not what the inventory says.
pub(in crate::lint) struct UnlikeInventory {
    /// Its path from the flake's folder.
    pub(in crate::lint) path: String,
    pub(in crate::lint) state: OwnedState,
}

/// How it is instead.
pub(in crate::lint) enum OwnedState {
    /// There is none.
    Missing,
    /// As larder wrote it for another inventory, or another larder did.
    Outdated,
    /// Two of them, which a merge could not join.
    InConflict,
    /// As somebody has edited it.
    Edited(Source),
}
