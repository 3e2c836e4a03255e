//! The mistakes that were found so far.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Source};
use crate::text::quoted_conjunction;

pub(super) struct Problems {
    source: Source,
    found: Vec<Diagnostic>,
}

impl Problems {
    pub(super) fn of(source: &Source) -> Self {
        Self {
            source: source.clone(),
            found: Vec::new(),
        }
    }

    /// The name of the file.
    pub(super) fn path(&self) -> &str {
        &self.source.path
    }

    /// Points a problem at a place and adds it.
    pub(super) fn add_at(
        &mut self,
        place: Range<usize>,
        note: impl Into<String>,
        problem: Diagnostic,
    ) {
        self.found.push(problem.at(&self.source, place, note));
    }

    /// All of them, by place.
    pub(super) fn in_order(mut self) -> Vec<Diagnostic> {
        let place = |one: &Diagnostic| one.labels.first().map(|label| label.range.start);
        self.found.sort_by_key(place);
        self.found
    }
}

/// `a`, `b` and `c`, each in backticks.
pub(super) fn list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let quoted = quoted_conjunction(words);
    if quoted.is_empty() {
        return "none".to_owned();
    }
    quoted
}
