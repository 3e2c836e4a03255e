//! How the points, or the disks, ended.

use std::fmt;

/// How they ended.
#[derive(Debug)]
pub(crate) struct Tally {
    /// What is counted.
    what: &'static str,
    all: usize,
    before: usize,
    after: usize,
    /// Of all, those that the next writing command had to clean up.
    recovered: usize,
}

impl Tally {
    /// Nothing yet.
    pub(crate) const fn of(what: &'static str) -> Self {
        Self {
            what,
            all: 0,
            before: 0,
            after: 0,
            recovered: 0,
        }
    }

    /// True if nothing was tried.
    pub(crate) fn is_empty(&self) -> bool {
        self.all == 0
    }

    /// One more is about to be tried.
    pub(crate) fn tried(&mut self) {
        self.all += 1;
    }

    /// It had to be cleaned up.
    pub(crate) fn recovered(&mut self) {
        self.recovered += 1;
    }

    /// It ended as it should.
    pub(crate) fn ended(&mut self, is_after: bool) {
        self.after += usize::from(is_after);
        self.before += usize::from(!is_after);
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.all += other.all;
        self.before += other.before;
        self.after += other.after;
        self.recovered += other.recovered;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}: {} before, {} after, {} in between ({} were cleaned up by the next command)",
            self.all,
            self.what,
            self.before,
            self.after,
            self.all - self.before - self.after,
            self.recovered
        )
    }
}
