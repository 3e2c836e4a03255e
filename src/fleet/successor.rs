//! A key that takes the place of another one, in steps.

use serde::{Deserialize, Serialize};

/// The second of two keys while they change: the first is the old one.
///
/// In the inventory the two are a list, `["OLD", "NEW"]`; the new one is `"pending"` while
/// the machine has still to make it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Successor<K> {
    /// Its public half; `None`: pending.
    pub key: Option<K>,
    /// True once the machines go by the new one: a host uses it itself, clients trust it
    /// alone. The old one still counts where it does no harm.
    pub in_use: bool,
}

impl<K> Successor<K> {
    /// One that the machine has still to make.
    pub fn pending() -> Self {
        Self {
            key: None,
            in_use: false,
        }
    }

    /// One whose public half is known, and that nobody goes by yet.
    pub fn known(key: K) -> Self {
        Self {
            key: Some(key),
            in_use: false,
        }
    }
}
