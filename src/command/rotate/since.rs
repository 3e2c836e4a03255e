//! Since when keys are being changed, as git's history of the inventory has it.

use std::collections::BTreeMap;

use crate::diagnostic::Source;
use crate::fleet::{self, Day, HostName, INVENTORY, KeyKind, Rotation};

/// The first day of each change, found by looking at ever older versions of the inventory.
#[derive(Debug)]
pub struct Since {
    /// Those that the versions so far have under way.
    open: Vec<(KeyKind, HostName)>,
    days: BTreeMap<(KeyKind, HostName), Day>,
}

impl Since {
    /// A search for the beginnings of these.
    pub(super) fn of(rotations: &[Rotation]) -> Self {
        let open = rotations.iter().map(|one| (one.kind, one.name.clone()));
        Self {
            open: open.collect(),
            days: BTreeMap::new(),
        }
    }

    /// Looks at the next older version, which came on this day; true while older ones matter.
    pub fn look(&mut self, inventory: &str, day: Day) -> bool {
        let source = Source::new(INVENTORY, inventory.to_owned());
        let Ok(fleet) = fleet::read(&source) else {
            return false;
        };
        self.open
            .retain(|(kind, name)| fleet.stage(*kind, name).is_some());
        let still = self.open.iter().map(|one| (one.clone(), day));
        self.days.extend(still);
        !self.open.is_empty()
    }

    /// The day; `None`: it is not in a commit yet, or older than what git has here.
    pub(super) fn day(&self, rotation: &Rotation) -> Option<Day> {
        let key = (rotation.kind, rotation.name.clone());
        self.days.get(&key).copied()
    }
}
