//! The user's own `git`, where only that will do.

use std::io;

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::disk;
use crate::io::program::Program;
use crate::io::workspace::Git;

impl Git {
    /// `git` in this work tree; paths are taken literally, nothing is asked.
    pub(in crate::io) fn program(&self) -> Program {
        Program::new("git")
            .dir(self.root())
            .args(["--literal-pathspecs"])
            .env("GIT_EDITOR", "true")
    }

    /// True if the program is there at all.
    pub(in crate::io) fn has_program(&self) -> bool {
        let asked = self.program().args(["--version"]).run();
        asked.is_ok_and(|asked| asked.success())
    }
}

/// `git` could not be started.
pub(in crate::io) fn not_started(error: &io::Error) -> Stop {
    let message = format!("`git` cannot be started: {}", disk::words(error));
    Stop::fault(Diagnostic::error("no-git-program", message))
}
