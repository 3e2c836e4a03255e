//! What owned modules a fleet should have, worked out once.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::expected;
use crate::fleet::Fleet;

/// What [`expected`] gives of one fleet, from when it is first asked for.
#[derive(Debug, Default)]
pub struct ExpectedModules(OnceLock<BTreeMap<String, String>>);

impl ExpectedModules {
    /// The owned modules of the fleet, which is always the same one.
    pub fn of(&self, fleet: &Fleet) -> &BTreeMap<String, String> {
        self.0.get_or_init(|| expected(fleet))
    }
}
