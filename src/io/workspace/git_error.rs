//! Errors of gix as diagnostics.

use std::path::Path;

use gix::discover::upwards as discover;

use crate::diagnostic::{Diagnostic, Stop};

/// A fault: what could not be done, followed by gix's reason.
pub(in crate::io) fn git_error(message: &str, error: &gix::Error) -> Stop {
    let message = format!("{message}: {}", reason(error));
    Stop::fault(Diagnostic::error("git", message))
}

/// The chain of causes on one line, outermost first, without repetitions.
pub(in crate::io) fn reason(error: &gix::Error) -> String {
    let mut causes: Vec<String> = Vec::new();
    for cause in error.iter_errors() {
        let cause = cause.to_string();
        if !causes.contains(&cause) {
            causes.push(cause);
        }
    }
    causes.join(": ")
}

/// Why the repository around `start` could not be opened.
pub(super) fn not_opened(start: &Path, error: &gix::Error) -> Stop {
    let here = start.display();
    let diagnostic = match error.downcast_any_ref::<discover::Error>() {
        Some(discover::Error::NoTrustedGitRepository { .. }) => not_yours(start),
        Some(_) => Diagnostic::error("no-git", format!("`{here}` is not in a git repository"))
            .help(how_to_start(start)),
        None if error.is_permission_denied() && reason(error).contains("not owned") => {
            not_yours(start)
        }
        None => {
            return git_error(
                &format!("the git repository of `{here}` cannot be opened"),
                error,
            );
        }
    };
    Stop::fault(diagnostic)
}

/// Jujutsu may keep its git repository where neither larder nor Nix finds it.
fn how_to_start(start: &Path) -> &'static str {
    if start.ancestors().any(|dir| dir.join(".jj").is_dir()) {
        "jj git colocation enable"
    } else {
        "git init"
    }
}

/// Git refuses the repository of another user; the help is git's own.
fn not_yours(start: &Path) -> Diagnostic {
    let top = start.ancestors().find(|dir| dir.join(".git").exists());
    let top = top.unwrap_or(start).display();
    let message = format!("`{top}` belongs to somebody else");
    let help = format!("git config --global --add safe.directory {top}");
    Diagnostic::error("not-yours", message).help(help)
}
