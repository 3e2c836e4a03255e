//! The user's own `git`, for what gix cannot do.

use std::io;

use super::git::Git;
use crate::diagnostic::{Diagnostic, Stop};
use crate::io::disk;
use crate::io::program::Program;

/// What git sets for its hooks: it would lead a git that works elsewhere astray.
pub(in crate::io) const OF_HOOKS: &[&str] = &[
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_OBJECT_DIRECTORY",
];

impl Git {
    /// A `git` command in this work tree.
    ///
    /// Its environment is the user's: what is set here, also by an option of `git` itself
    /// such as `--literal-pathspecs`, would reach the hooks.
    pub(in crate::io) fn program(&self) -> Program {
        Program::new("git").dir(self.root())
    }

    /// True if `git` is installed.
    pub(in crate::io) fn has_program(&self) -> bool {
        let asked = self.program().args(["--version"]).run();
        asked.is_ok_and(|asked| asked.success())
    }
}

/// The fault that `git` could not be started.
pub(in crate::io) fn not_started(error: &io::Error) -> Stop {
    let message = format!("`git` cannot be started: {}", disk::os_message(error));
    Stop::fault(Diagnostic::error("no-git-program", message))
}
