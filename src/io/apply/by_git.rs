//! The commit by the user's own `git`: its hooks run, its rules hold.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::apply::draft::Known;
use crate::io::apply::journal::Journal;
use crate::io::apply::story::Way;
use crate::io::disk::{self, WithPath};
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
        let mut add = git.command();
        add.args([
            "add",
            "--intent-to-add",
            "--pathspec-from-file=-",
            "--pathspec-file-nul",
        ]);
        succeed(add, &new)?;
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
    let mut commit = git.command();
    commit.args(["commit", "--only", "--quiet", "--message", message]);
    commit.args(["--pathspec-from-file=-", "--pathspec-file-nul"]);
    succeed(commit, &paths)?;
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
    let mut reset = git.command();
    reset.args([
        "reset",
        "--quiet",
        "--pathspec-from-file=-",
        "--pathspec-file-nul",
    ]);
    succeed(reset, paths)
}

/// Takes the note of new files back, where the index is not only ours to restore.
pub(super) fn forget(git: &Git, paths: &[String]) -> Result<(), Stop> {
    let mut remove = git.command();
    remove.args(["rm", "--cached", "--quiet", "--force", "--ignore-unmatch"]);
    remove.args(["--sparse", "--pathspec-from-file=-", "--pathspec-file-nul"]);
    succeed(remove, paths)
}

fn keep(git: &Git, journal: &Journal, name: &str) -> Result<(), Stop> {
    let index = &git.index_path();
    let Some(bytes) = disk::read(index).with_path("read", index)? else {
        return Ok(());
    };
    let copy = journal.file(name);
    let about = index.metadata().with_path("access", index)?;
    let kept = disk::create_with(&copy, &bytes, 0o600, |file| {
        file.set_permissions(about.permissions())?;
        // Git looks into files that are as young as its index: it must not grow younger.
        file.set_modified(about.modified()?)
    });
    kept.with_path("write", &copy)
}

fn succeed(mut command: Command, paths: &[String]) -> Result<(), Stop> {
    let output = fed(&mut command, paths).map_err(|e| not_started(&e))?;
    if output.status.success() {
        return Ok(());
    }
    Err(failed(&command, &output))
}

fn fed(command: &mut Command, paths: &[String]) -> std::io::Result<Output> {
    let command = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // Git may have given up already; its exit status tells.
        drop(stdin.write_all(paths.join("\0").as_bytes()));
    }
    child.wait_with_output()
}

fn failed(command: &Command, output: &Output) -> Stop {
    let verb = command
        .get_args()
        .nth(1)
        .unwrap_or_default()
        .display()
        .to_string();
    let words =
        [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it).trim().to_owned());
    let words = words
        .iter()
        .filter(|it| !it.is_empty())
        .cloned()
        .collect::<Vec<_>>()
        .join("\n");
    let message = format!("`git {verb}` failed; nothing is changed. It said:\n{words}");
    Diagnostic::error("git-refused", message).into()
}
