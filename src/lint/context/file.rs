//! One file, without the fleet.

use crate::diagnostic::Source;
use crate::lint::subject::Subject;
use crate::survey::{Content, Machine};

/// One tracked text.
pub(in crate::lint) struct TextContext<'a> {
    pub(in crate::lint) source: &'a Source,
    /// It is staged, and the file is gone or has another text.
    pub(in crate::lint) is_staged_only: bool,
}

/// One tracked `.nix` file.
pub(in crate::lint) struct FileContext<'a> {
    pub(in crate::lint) source: &'a Source,
    /// What it says by its content alone.
    pub(in crate::lint) content: &'a Content,
    /// What it says, as if it were a machine's only file.
    pub(in crate::lint) machine: &'a Machine,
    /// Whether a host imports it.
    pub(in crate::lint) imported: &'a dyn Fn() -> Imported,
}

/// Whether a host of the flake imports a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::lint) enum Imported {
    /// One does, or may: the hosts are not known.
    Yes,
    /// None that larder sees; some modules were not followed.
    NotSeen,
    /// None: every module of every host was followed.
    No,
}

impl FileContext<'_> {
    /// Whether a host imports it. To be asked only of a file with a fault.
    pub(in crate::lint) fn imported(&self) -> Imported {
        (self.imported)()
    }

    /// The file as what a finding is about.
    pub(in crate::lint) fn subject(&self) -> Subject {
        Subject::file(&self.source.path)
    }
}
