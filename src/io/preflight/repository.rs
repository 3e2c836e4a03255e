//! Checks of the repository as a whole.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the folder that reads the environment"
)]

use std::env;

use gix::actor::SignatureRef;
use gix::index::File as Index;
use gix::state::InProgress;

use super::target::Finish;
use crate::diagnostic::{Diagnostic, Stop};
use crate::io::workspace::hooks;
use crate::io::workspace::{Git, Workspace};
use crate::plan::Plan;
use crate::text::either_side_will_do;

/// Variables by which git writes elsewhere than in this repository. They are set in a git
/// hook.
const REDIRECTING: [&str; 4] = [
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
];

/// Every obstacle that does not concern one file.
pub(super) fn check(
    ws: &Workspace,
    index: &Index,
    plan: &Plan,
    finish: Finish,
) -> Result<Vec<Diagnostic>, Stop> {
    let git = ws.git()?;
    let mut refused = Vec::new();
    refused.extend(environment());
    refused.extend(in_progress(git));
    refused.extend(conflicts(index, plan));
    if finish == Finish::Commit {
        refused.extend(identity(git));
    }
    refused.extend(missing_program(git, finish)?);
    Ok(refused)
}

fn environment() -> Option<Diagnostic> {
    let name = REDIRECTING
        .iter()
        .find(|name| env::var_os(name).is_some())?;
    let message = format!("`{name}` is set: git would write elsewhere than in this repository");
    Some(Diagnostic::error("git-environment", message).help(format!("unset {name}")))
}

fn in_progress(git: &Git) -> Option<Diagnostic> {
    let (what, command) = match git.repo().state()? {
        // A bisection has no changes in the index or the work tree.
        InProgress::Bisect => return None,
        InProgress::Merge => ("merge", "merge"),
        InProgress::Rebase | InProgress::RebaseInteractive => ("rebase", "rebase"),
        InProgress::CherryPick | InProgress::CherryPickSequence => ("cherry-pick", "cherry-pick"),
        InProgress::Revert | InProgress::RevertSequence => ("revert", "revert"),
        InProgress::ApplyMailbox | InProgress::ApplyMailboxRebase => ("`git am`", "am"),
    };
    let message = format!("a {what} is in progress in this repository");
    let help = format!(
        "finish it with `git {command} --continue`, or give it up with `git {command} --abort`"
    );
    Some(Diagnostic::error("in-progress", message).help(help))
}

fn conflicts(index: &Index, plan: &Plan) -> Option<Diagnostic> {
    let entries = index.entries();
    let conflicted = entries.iter().find(|entry| entry.stage_raw() != 0)?;
    let path = conflicted.path(index).to_string();
    let is_generated = plan.owned.iter().any(|owned| owned.as_str() == path);
    let help = if is_generated {
        either_side_will_do(&path)
    } else {
        format!("resolve it, then `git add {path}`")
    };
    Some(Diagnostic::error("conflict", format!("`{path}` is in conflict")).help(help))
}

fn identity(git: &Git) -> Option<Diagnostic> {
    let is_known = |identity: Option<gix::Result<SignatureRef<'_>>>| {
        identity.is_some_and(|signature| signature.is_ok_and(|it| has_name_and_email(&it)))
    };
    if is_known(git.repo().committer()) && is_known(git.repo().author()) {
        return None;
    }
    let message = "git does not know who commits here";
    Some(
        Diagnostic::error("no-identity", message)
            .help("git config --global user.name \"Your Name\"")
            .help("git config --global user.email you@example.org")
            .help("or pass `--no-commit`, and commit yourself"),
    )
}

/// True if something is left of both when git has taken away what it allows at neither end
/// (`crud` in git's ident.c).
fn has_name_and_email(signature: &SignatureRef<'_>) -> bool {
    let is_crud = |byte: u8| byte <= b' ' || b".,:;<>\"\\'".contains(&byte);
    let says_something = |text: &[u8]| !text.iter().copied().all(is_crud);
    says_something(signature.name) && says_something(signature.email)
}

fn missing_program(git: &Git, finish: Finish) -> Result<Option<Diagnostic>, Stop> {
    let why = match finish {
        Finish::Commit => hooks::needs_git(git)?,
        Finish::NoCommit => hooks::sparse(git)?,
    };
    let Some(why) = why.filter(|_| !git.has_program()) else {
        return Ok(None);
    };
    let message = format!("{why}, and `git` is not installed here");
    let missing = Diagnostic::error("no-git-program", message);
    Ok(Some(match finish {
        Finish::Commit => missing.help("install git, or pass `--no-commit`"),
        Finish::NoCommit => missing.help("install git"),
    }))
}
