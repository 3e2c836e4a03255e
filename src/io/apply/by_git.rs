//! The commit by the user's own `git`: its hooks run, its rules hold.

use subprocess::Capture;

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::apply::draft::Known;
use crate::io::apply::journal::Journal;
use crate::io::apply::story::Way;
use crate::io::disk::{self, Naming};
use crate::io::workspace::{Git, not_started};

/// The index before and after git was told of new files, as it was on the disk.
pub(super) const BEFORE: &str = "index.before";
pub(super) const NOTED: &str = "index.noted";

/// Tells git of the new files: it takes only paths that it knows.
pub(super) fn note(git: &Git, journal: &Journal) -> Result<(), Stop> {
    keep(git, journal, BEFORE)?;
    let index = git.index()?;
    let new: Vec<String> = journal
        .fates()?
        .into_iter()
        .filter(|fate| matches!(fate.to, Known::Recorded(_) | Known::Noted(_)))
        .map(|fate| fate.path.as_str().to_owned())
        .filter(|path| index.entry_by_path(path.as_str().into()).is_none())
        .collect();
    if !new.is_empty() {
        succeed(git, &["add", "--intent-to-add"], &new)?;
    }
    keep(git, journal, NOTED)
}

/// Commits exactly the paths of the journal.
pub(super) fn commit(git: &Git, journal: &Journal, message: &str) -> Result<(), Stop> {
    let paths: Vec<String> = journal
        .story
        .files
        .iter()
        .map(|entry| entry.path.clone())
        .collect();
    let commit = ["commit", "--only", "--quiet", "--message", message];
    succeed(git, &commit, &paths)?;
    let Way::Git { base } = &journal.story.way else {
        return Ok(());
    };
    if git.head()?.commit.map(|id| id.to_string()) == *base {
        let message = "`git commit` said that it was done, and HEAD has not moved";
        return Err(Stop::fault(Diagnostic::error("git", message)));
    }
    as_committed(git, &paths)
}

/// A hook may have changed what was committed and leave git's index behind.
fn as_committed(git: &Git, paths: &[String]) -> Result<(), Stop> {
    succeed(git, &["reset", "--quiet"], paths)
}

/// Takes the note of new files back, where the index is not only ours to restore.
pub(super) fn forget(git: &Git, paths: &[String]) -> Result<(), Stop> {
    let remove = [
        "rm",
        "--cached",
        "--quiet",
        "--force",
        "--ignore-unmatch",
        "--sparse",
    ];
    succeed(git, &remove, paths)
}

fn keep(git: &Git, journal: &Journal, name: &str) -> Result<(), Stop> {
    let index = &git.index_path();
    let Some(bytes) = disk::read(index).naming("read", index)? else {
        return Ok(());
    };
    let copy = journal.file(name);
    let about = index.metadata().naming("look at", index)?;
    let kept = disk::create_with(&copy, &bytes, 0o600, |file| {
        file.set_permissions(about.permissions())?;
        // Git looks into files that are as young as its index: it must not grow younger.
        file.set_modified(about.modified()?)
    });
    kept.naming("write", &copy)
}

/// Runs a command of git for these paths.
fn succeed(git: &Git, command: &[&str], paths: &[String]) -> Result<(), Stop> {
    let program = git
        .program()
        .args(command)
        .args(["--pathspec-from-file=-", "--pathspec-file-nul"])
        .input(paths.join("\0").into());
    let ended = program.run().map_err(|e| not_started(&e))?;
    if ended.success() {
        return Ok(());
    }
    Err(failed(command[0], &ended))
}

fn failed(verb: &str, ended: &Capture) -> Stop {
    let outputs = [ended.stdout_str(), ended.stderr_str()];
    let outputs = outputs.iter().map(|output| output.trim());
    let outputs: Vec<_> = outputs.filter(|output| !output.is_empty()).collect();
    let message = format!(
        "`git {verb}` failed; nothing is changed. It said:\n{}",
        outputs.join("\n")
    );
    Diagnostic::error("git-refused", message).into()
}
