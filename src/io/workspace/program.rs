//! The user's own `git`, for what gix cannot do.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the folder that starts programs"
)]

use std::io;
use std::process::{Command, Stdio};

use super::git::Git;
use crate::diagnostic::{Diagnostic, Stop};
use crate::io::disk;

impl Git {
    /// A `git` command in this work tree, with literal pathspecs and without prompts.
    pub(in crate::io) fn command(&self) -> Command {
        let mut git = Command::new("git");
        git.current_dir(self.root())
            .arg("--literal-pathspecs")
            .env("GIT_EDITOR", "true")
            .stdin(Stdio::null());
        git
    }

    /// True if `git` is installed.
    pub(in crate::io) fn has_program(&self) -> bool {
        let asked = self.command().arg("--version").output();
        asked.is_ok_and(|output| output.status.success())
    }
}

/// The fault that `git` could not be started.
pub(in crate::io) fn not_started(error: &io::Error) -> Stop {
    let message = format!("`git` cannot be started: {}", disk::os_message(error));
    Stop::fault(Diagnostic::error("no-git-program", message))
}
