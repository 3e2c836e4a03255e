//! What is said where flags change nothing.

use crate::fleet::HostName;

/// An existing cache, and flags that say what is so already.
pub(super) fn unchanged(cache: &HostName) -> String {
    format!(
        "`{cache}` is a cache already, and the flags change nothing of it: \
         `larder add-cache --help`"
    )
}
