//! Diagnostics: errors, warnings and notes about the user's files, as values.
//!
//! One value serves every output (the terminal, JSON, SARIF, GitHub), and the comparison of
//! findings before and after a plan. `report` renders diagnostics, `io::screen` prints them.

use std::ops::Range;
use std::sync::Arc;

use crate::text::TextEdit;

/// The severity of a diagnostic. Ordered: `Note < Warning < Error`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing. Does not change the exit code.
    Note,
    /// Works today, but is probably a mistake, or cannot be decided statically.
    Warning,
    /// Does not work, or is dangerous.
    Error,
}

impl Severity {
    /// The name in messages: `note`, `warning`, `error`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A text with its path. A snippet of the text can be shown even if the text is not on the
/// disk yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// The path relative to the flake's folder, as users type it.
    pub path: String,
    /// The whole text.
    pub text: Arc<str>,
}

impl Source {
    /// A source of this path and text.
    pub fn new(path: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
        }
    }
}

/// A marked range of a source, with a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The source of the range.
    pub source: Source,
    /// The marked bytes.
    pub range: Range<usize>,
    /// The text beside the marked range; may be empty.
    pub note: String,
}

/// An error, a warning or a note about the user's files.
///
/// Message and labels are phrases in lower case without a full stop. A help line is a
/// command, or the line to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The name of the rule, or the kind of refusal, in kebab case. Stable.
    pub code: &'static str,
    /// The severity.
    pub severity: Severity,
    /// What is wrong, in the user's words.
    pub message: String,
    /// The marked ranges. The first label is the location of the diagnostic.
    pub labels: Vec<Label>,
    /// The file that the diagnostic concerns as a whole, if no range of it is shown.
    pub file: Option<String>,
    /// Help lines.
    pub help: Vec<String>,
    /// The subject (a host, a cache, a file). Code and subject are the fingerprint, which
    /// stays when lines move.
    pub subject: String,
    /// A correction of the first label's source that is safe to apply without asking.
    pub fix: Option<TextEdit>,
}

impl Diagnostic {
    /// A diagnostic of severity [`Severity::Error`].
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message)
    }

    /// A diagnostic of severity [`Severity::Warning`].
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message)
    }

    /// A diagnostic of severity [`Severity::Note`].
    pub fn note(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Note, message)
    }

    fn new(code: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            labels: Vec::new(),
            file: None,
            help: Vec::new(),
            subject: String::new(),
            fix: None,
        }
    }

    /// Adds a label. The first label is the location of the diagnostic.
    #[must_use]
    pub fn at(mut self, source: &Source, range: Range<usize>, note: impl Into<String>) -> Self {
        self.labels.push(Label {
            source: source.clone(),
            range,
            note: note.into(),
        });
        self
    }

    /// Sets the file for a diagnostic that shows no range: the content is secret, or is not
    /// what is wrong.
    #[must_use]
    pub fn in_file(mut self, path: impl Into<String>) -> Self {
        self.file = Some(path.into());
        self
    }

    /// Adds a help line.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Sets the subject.
    #[must_use]
    pub fn about(mut self, subject: impl Into<String>) -> Self {
        self.subject = subject.into();
        self
    }

    /// Sets the correction, which is safe to apply without asking.
    #[must_use]
    pub fn fixed_by(mut self, fix: TextEdit) -> Self {
        self.fix = Some(fix);
        self
    }

    /// The identity of the diagnostic, which stays when lines move: code and subject.
    pub fn fingerprint(&self) -> (&'static str, &str) {
        (self.code, &self.subject)
    }
}

/// Why a command ended without success.
///
/// A refusal may have many diagnostics, because findings accumulate. A fault has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The user's files do not allow the change: exit code 1.
    Refused(Vec<Diagnostic>),
    /// larder could not run (a disk error, no repository, a lock that is held): exit code 2.
    Fault(Box<Diagnostic>),
}

impl Stop {
    /// A fault with this diagnostic.
    pub fn fault(diagnostic: Diagnostic) -> Self {
        Self::Fault(Box::new(diagnostic))
    }

    /// True if one of the diagnostics has this code.
    pub fn has(&self, code: &str) -> bool {
        self.diagnostics()
            .iter()
            .any(|diagnostic| diagnostic.code == code)
    }

    /// All diagnostics.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            Self::Refused(all) => all,
            Self::Fault(one) => std::slice::from_ref(one),
        }
    }
}

impl From<Diagnostic> for Stop {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Refused(vec![diagnostic])
    }
}
