//! What larder has to say about a file: an error, a warning, a note.
//!
//! One value serves every reader: the terminal, JSON, SARIF, GitHub, and the
//! comparison of findings before and after a plan. Printing is `io::screen`'s.

use std::ops::Range;
use std::sync::Arc;

use crate::text::TextEdit;

/// How bad it is. Ordered: `Note < Warning < Error`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; changes no exit code.
    Note,
    /// Works today, and is likely not what was meant, or cannot be known statically.
    Warning,
    /// Does not work, or is dangerous.
    Error,
}

impl Severity {
    /// The word that people read: `note`, `warning`, `error`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A text and the name under which people know it, so that a snippet can be
/// shown also of what is not on the disk yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// The path as people would type it, relative to the flake's folder.
    pub path: String,
    /// The whole text.
    pub text: Arc<str>,
}

impl Source {
    /// Names a text.
    pub fn new(path: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
        }
    }
}

/// A range of a source with a word about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The text that is pointed into.
    pub source: Source,
    /// The bytes that are pointed at.
    pub range: Range<usize>,
    /// What is said beside the marked range; may be empty.
    pub note: String,
}

/// One thing said about the user's files.
///
/// Message and labels are phrases that begin with a lowercase letter and have
/// no full stop. A help line is a command, or the line to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule's name, or the kind of refusal, in kebab case: stable.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in the user's words.
    pub message: String,
    /// Where; the first label is the place that the finding is about.
    pub labels: Vec<Label>,
    /// The file that it is about as a whole, where nothing of it can be shown.
    pub file: Option<String>,
    /// What now, one entry a line.
    pub help: Vec<String>,
    /// What the finding is about (a host, a cache, a file), so that it keeps its
    /// identity when lines move. With the code it is the fingerprint.
    pub subject: String,
    /// A correction of the first label's source that is safe to make unasked.
    pub fix: Option<TextEdit>,
}

impl Diagnostic {
    /// Something that does not work, or is dangerous.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message)
    }

    /// Something that is likely not what was meant.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message)
    }

    /// Something worth knowing.
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

    /// Points at a range; the first call gives the finding its place.
    #[must_use]
    pub fn at(mut self, source: &Source, range: Range<usize>, note: impl Into<String>) -> Self {
        self.labels.push(Label {
            source: source.clone(),
            range,
            note: note.into(),
        });
        self
    }

    /// Names a file of which nothing can be shown: it is secret, or not the
    /// content is wrong.
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

    /// Says what the finding is about.
    #[must_use]
    pub fn about(mut self, subject: impl Into<String>) -> Self {
        self.subject = subject.into();
        self
    }

    /// Offers a correction that is safe to make unasked.
    #[must_use]
    pub fn fixed_by(mut self, fix: TextEdit) -> Self {
        self.fix = Some(fix);
        self
    }

    /// The identity of the finding: what stays when lines move.
    pub fn fingerprint(&self) -> (&'static str, &str) {
        (self.code, &self.subject)
    }
}

/// Why a command ended without doing what it was asked.
///
/// Findings accumulate: a refusal may hold many. A fault stops at the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The wish was understood, and the user's files do not allow it: exit 1.
    Refused(Vec<Diagnostic>),
    /// larder could not run: a broken disk, no repository, a lock held: exit 2.
    Fault(Box<Diagnostic>),
}

impl Stop {
    /// Exit code 2, with these words.
    pub fn fault(diagnostic: Diagnostic) -> Self {
        Self::Fault(Box::new(diagnostic))
    }

    /// True if one of its diagnostics has this code.
    pub fn has(&self, code: &str) -> bool {
        self.diagnostics().iter().any(|said| said.code == code)
    }

    /// What there is to say.
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
