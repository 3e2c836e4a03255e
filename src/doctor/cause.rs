//! What a cause is.

use super::evidence::Evidence;
use super::stage::Stage;
use super::symptom::Symptom;
use crate::text::manual_in;

/// One reason why a client does not fetch from its cache.
#[derive(Debug)]
pub struct Cause {
    name: &'static str,
    /// The source of its file, whose `//!` header is the manual page.
    text: &'static str,
    stage: Stage,
    check: fn(&Evidence<'_>) -> Option<Symptom>,
}

/// What the file of a cause declares; the name comes from the file's.
#[derive(Debug, Clone, Copy)]
pub(super) struct Definition {
    /// The stage that it breaks.
    pub(super) stage: Stage,
    /// Whether the evidence shows it.
    pub(super) check: fn(&Evidence<'_>) -> Option<Symptom>,
}

impl Cause {
    /// The cause of this name that a file defines.
    pub(super) const fn new(name: &'static str, text: &'static str, it: Definition) -> Self {
        Self {
            name,
            text,
            stage: it.stage,
            check: it.check,
        }
    }

    /// The name in kebab case; says what is wrong, never the cure.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The stage that it breaks.
    pub(super) fn stage(&self) -> Stage {
        self.stage
    }

    /// What it reports, if the evidence shows it.
    pub(super) fn check(&self, evidence: &Evidence<'_>) -> Option<Symptom> {
        (self.check)(evidence)
    }

    /// One line: what is wrong.
    pub fn summary(&self) -> String {
        let manual = self.manual();
        manual.lines().next().unwrap_or_default().to_owned()
    }

    /// The manual page, in Markdown: summary, *What it looks like*, *What to do*.
    pub fn manual(&self) -> String {
        manual_in(self.text)
    }
}
