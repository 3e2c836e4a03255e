//! The wish is understood and the file is not.

use std::ops::Range;

/// Why a file is not edited, where, and what to write by hand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// What stands in the way, as a lowercase phrase.
    pub message: String,
    /// The bytes that it is about.
    pub range: Range<usize>,
    /// What a person can do: the line to write, first.
    pub help: Vec<String>,
}

impl Refusal {
    /// A refusal without help.
    pub fn new(message: impl Into<String>, range: Range<usize>) -> Self {
        Self {
            message: message.into(),
            range,
            help: Vec::new(),
        }
    }

    /// With one more thing that a person can do.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }
}
