//! Whether a set may define a name twice.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;

/// The attribute paths of the sets that are open, as hashes: equal ones have equal hashes.
#[derive(Default)]
pub(super) struct Names {
    whole: Vec<u64>,
    /// Of paths without their last names, one or more.
    begun: Vec<u64>,
}

/// Where the paths of a set begin.
#[derive(Clone, Copy)]
pub(super) struct Mark(usize, usize);

impl Names {
    /// Of a set that begins.
    pub(super) fn begin(&self) -> Mark {
        Mark(self.whole.len(), self.begun.len())
    }

    /// Adds a path of the innermost set.
    pub(super) fn add(&mut self, path: &[&str]) {
        let mut hasher = FixedState::default().build_hasher();
        for (index, name) in path.iter().enumerate() {
            hasher.write(name.as_bytes());
            let hash = hasher.finish();
            if index + 1 == path.len() {
                self.whole.push(hash);
            } else {
                self.begun.push(hash);
            }
        }
    }

    /// Forgets the innermost set; `None` if one of its paths may begin another, or be another.
    pub(super) fn end(&mut self, Mark(whole, begun): Mark) -> Option<()> {
        let paths = &mut self.whole[whole..];
        paths.sort_unstable();
        let is_there = |path: &u64| paths.binary_search(path).is_ok();
        let collides = paths.windows(2).any(|two| two[0] == two[1])
            || self.begun[begun..].iter().any(is_there);
        self.whole.truncate(whole);
        self.begun.truncate(begun);
        (!collides).then_some(())
    }
}
