//! What a cause reports when it fits the evidence.

use serde::Serialize;

/// One line of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// The machine that showed it; `larder.toml` with a line for the inventory.
    pub machine: String,
    /// The line.
    pub line: String,
}

/// The message, evidence and cure of a cause that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symptom {
    /// What is wrong, in the user's words.
    pub(super) message: String,
    /// The lines that show it.
    pub(super) seen: Vec<Seen>,
    /// Commands, or lines to write.
    pub(super) cures: Vec<String>,
    /// `None`: the evidence shows this cause and no other. Else the command that would tell
    /// it from the others that fit.
    pub(super) told_by: Option<String>,
}

impl Symptom {
    /// A symptom of one cause alone.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            seen: Vec::new(),
            cures: Vec::new(),
            told_by: None,
        }
    }

    /// Adds a line that a machine showed.
    pub(super) fn seen(mut self, machine: &str, line: impl Into<String>) -> Self {
        let (machine, line) = (machine.to_owned(), line.into());
        self.seen.push(Seen { machine, line });
        self
    }

    /// Adds a line, if there is one.
    pub(super) fn maybe_seen(self, machine: &str, line: Option<impl Into<String>>) -> Self {
        match line {
            Some(line) => self.seen(machine, line),
            None => self,
        }
    }

    /// Adds a command, or a line to write.
    pub(super) fn cure(mut self, cure: impl Into<String>) -> Self {
        self.cures.push(cure.into());
        self
    }

    /// Says that other causes look the same, and which command tells.
    pub(super) fn told_by(self, command: impl Into<String>) -> Self {
        let told_by = Some(command.into());
        Self { told_by, ..self }
    }
}
