//! The commands of the user's own `git` in a transaction. They run the repository's hooks.
#![expect(clippy::disallowed_methods, reason = "io reads the environment")]

use gix::bstr::BStr;
use gix::config::Boolean;
use subprocess::Capture;

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::apply::index_change::IndexState;
use crate::io::apply::journal::{CommitMethod, Journal};
use crate::io::disk::{self, WithPath};
use crate::io::workspace::{Git, not_started};

/// The journal's copies of the index file, before and after [`add_intent_to_add`].
pub(super) const INDEX_BEFORE: &str = "index.before";
pub(super) const INDEX_WITH_INTENT: &str = "index.noted";

/// `git add --intent-to-add` for the new files: `git commit --only` takes only paths that
/// are in the index.
pub(super) fn add_intent_to_add(git: &Git, journal: &Journal) -> Result<(), Stop> {
    copy_index(git, journal, INDEX_BEFORE)?;
    let index = git.index()?;
    let new: Vec<String> = journal
        .index_changes()?
        .into_iter()
        .filter(|change| {
            matches!(
                change.after,
                IndexState::Recorded(_) | IndexState::IntentToAdd(_)
            )
        })
        .map(|change| change.path.as_str().to_owned())
        .filter(|path| index.entry_by_path(path.as_str().into()).is_none())
        .collect();
    if !new.is_empty() {
        succeed(git, &["add", "--intent-to-add"], &new)?;
    }
    copy_index(git, journal, INDEX_WITH_INTENT)
}

/// `git commit --only` of exactly the paths of the journal.
///
/// Returns what git and the hooks printed.
///
/// # Errors
/// When git refuses, for example by a hook, or when HEAD has not moved afterwards.
pub(super) fn commit(git: &Git, journal: &Journal, message: &str) -> Result<String, Stop> {
    let paths: Vec<String> = journal
        .record
        .files
        .iter()
        .map(|file| file.path.clone())
        .collect();
    let commit = ["commit", "--only", "--quiet", "--message", message];
    let ended = run(git, &commit, &paths)?;
    if !ended.success() {
        let way_on = "or pass `--no-commit`, and commit yourself";
        let refused = failed("commit", &ended).help("change what git or the hook asks for");
        return Err(refused.help(way_on).into());
    }
    let CommitMethod::GitCommit { base } = &journal.record.method else {
        return Ok(output(&ended));
    };
    if git.head()?.commit.map(|id| id.to_string()) == *base {
        let message = "`git commit` succeeded, and HEAD has not moved";
        return Err(Stop::fault(Diagnostic::error("git", message)));
    }
    reset(git, &paths)?;
    Ok(output(&ended))
}

/// `git reset` of the paths to HEAD: a hook may have changed what was committed, and the
/// index would still have the old blobs.
fn reset(git: &Git, paths: &[String]) -> Result<(), Stop> {
    succeed(git, &["reset", "--quiet"], paths)
}

/// `git rm --cached` of the paths. The files themselves stay.
pub(super) fn remove_cached(git: &Git, paths: &[String]) -> Result<(), Stop> {
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

/// Copies the index file into the journal, with its permissions and times.
fn copy_index(git: &Git, journal: &Journal, name: &str) -> Result<(), Stop> {
    let index = &git.index_path();
    let Some(bytes) = disk::read(index).with_path("read", index)? else {
        return Ok(());
    };
    let copy = journal.file(name);
    let metadata = index.metadata().with_path("access", index)?;
    let copied = disk::create_with(&copy, &bytes, 0o600, |file| {
        file.set_permissions(metadata.permissions())?;
        // Git compares the content of files that are as young as the index (see `racy`): a
        // younger index would hide edits.
        file.set_modified(metadata.modified()?)
    });
    copied.with_path("write", &copy)
}

fn succeed(git: &Git, command: &[&str], paths: &[String]) -> Result<(), Stop> {
    let ended = run(git, command, paths)?;
    if ended.success() {
        return Ok(());
    }
    Err(failed(command[0], &ended).into())
}

/// Runs a command of git for exactly these paths.
fn run(git: &Git, command: &[&str], paths: &[String]) -> Result<Capture, Stop> {
    let program = git
        .program()
        .args(command)
        .args(["--pathspec-from-file=-", "--pathspec-file-nul"])
        .input(literal(paths).into());
    program.run().map_err(|e| not_started(&e))
}

/// The paths as pathspecs that match nothing else, each ended by NUL.
///
/// Where the user's environment has made all pathspecs literal, the mark itself would be
/// taken for a part of the path.
fn literal(paths: &[String]) -> String {
    let mark = if pathspecs_are_literal() {
        ""
    } else {
        ":(literal)"
    };
    let marked: Vec<_> = paths.iter().map(|path| format!("{mark}{path}")).collect();
    marked.join("\0")
}

fn pathspecs_are_literal() -> bool {
    let set = std::env::var("GIT_LITERAL_PATHSPECS");
    set.is_ok_and(|value| Boolean::try_from(BStr::new(&value)).is_ok_and(|on| on.0))
}

fn failed(verb: &str, ended: &Capture) -> Diagnostic {
    let failed = Diagnostic::error(
        "git-refused",
        format!("`git {verb}` failed, and nothing is changed"),
    );
    match output(ended).as_str() {
        "" => failed,
        output => failed.help(format!("git's output:\n{output}")),
    }
}

/// What git and the hooks printed, on both streams.
fn output(ended: &Capture) -> String {
    let outputs = [ended.stdout_str(), ended.stderr_str()];
    let outputs = outputs.iter().map(|output| output.trim_end());
    let outputs: Vec<_> = outputs.filter(|output| !output.is_empty()).collect();
    outputs.join("\n")
}
