//! Refuses a commit that would include somebody's uncommitted edits.

use gix::index::File as Index;
use gix::index::entry::Flags;

use super::on_disk::OnDisk;
use super::target::{Target, refuse};
use crate::diagnostic::{Diagnostic, Stop};
use crate::io::workspace::{CommitTree, Git, GitEntry, Workspace};
use crate::plan::Plan;
use crate::repo::RepoPath;
use crate::text::shell_word;

/// A refusal for every target with uncommitted changes that the commit must not include.
pub(super) fn check(
    ws: &Workspace,
    index: &Index,
    plan: &Plan,
    targets: &[Target],
) -> Result<Vec<Diagnostic>, Stop> {
    let git = ws.git()?;
    let head = git.tree(git.head()?.commit)?;
    let mut disk = OnDisk::new(git, index)?;
    let mut refused = Vec::new();
    for path in &plan.supposed_gone {
        if head.entry(path)?.is_some() {
            refused.push(deleted(path, &ws.shown(path)));
        }
    }
    for target in targets {
        let state = state(git, &head, index, &mut disk, target)?;
        refused.extend(check_target(target, &state, head.id().is_none()));
    }
    Ok(refused)
}

/// One path in the last commit, in the index and on the disk.
struct State {
    head: Option<GitEntry>,
    index: Option<GitEntry>,
    disk: Option<GitEntry>,
    /// Git does not look whether the file has changed.
    is_assumed: bool,
}

impl State {
    fn is_staged(&self) -> bool {
        self.index != self.head
    }

    fn is_edited(&self) -> bool {
        self.disk != self.index
    }
}

fn state(
    git: &Git,
    head: &CommitTree<'_>,
    index: &Index,
    disk: &mut OnDisk<'_>,
    target: &Target,
) -> Result<State, Stop> {
    let head = head.entry(&target.path)?;
    let entry = index.entry_by_path(target.path.as_str().into());
    let entry = entry.filter(|it| !it.flags.contains(Flags::INTENT_TO_ADD));
    let is_assumed = entry.is_some_and(|it| it.flags.contains(Flags::ASSUME_VALID));
    let disk = disk.id(entry, target)?;
    let index = entry.map(|it| GitEntry {
        id: it.id,
        mode: it.mode.bits(),
    });
    let disk = disk.map(|id| GitEntry {
        id,
        mode: git.mode(target.mode, index.or(head).map(|it| it.mode)),
    });
    Ok(State {
        head,
        index,
        disk,
        is_assumed,
    })
}

fn check_target(target: &Target, state: &State, unborn: bool) -> Option<Diagnostic> {
    if target.is_new() {
        let is_in_git = state.head.is_some() || state.index.is_some();
        // What larder generates is nobody's to delete: it comes back.
        return (is_in_git && !target.may_be_dirty).then(|| deleted(&target.path, &target.shown));
    }
    if state.is_staged() && state.is_edited() && state.index.is_some() {
        return Some(partly_staged(target));
    }
    if target.may_be_dirty {
        return None;
    }
    if state.head.is_none() {
        return Some(not_in_head(target, unborn));
    }
    if state.is_edited() && state.is_assumed {
        return Some(assumed(target));
    }
    (state.is_staged() || state.is_edited()).then(|| dirty(target))
}

fn deleted(path: &RepoPath, shown: &str) -> Diagnostic {
    let message = format!("`{shown}` has been deleted, and the deletion is not committed");
    let help = format!("git commit {shown}");
    refuse("uncommitted", message, path).help(help)
}

fn partly_staged(target: &Target) -> Diagnostic {
    let message = format!(
        "`{}` is partly staged: a commit would include the rest",
        target.shown
    );
    refuse("partly-staged", message, &target.path).help("commit what is staged first")
}

fn not_in_head(target: &Target, unborn: bool) -> Diagnostic {
    let shown = &target.shown;
    let message = if unborn {
        format!("the repository has no commit yet that holds `{shown}`")
    } else {
        format!("`{shown}` is not in the last commit")
    };
    refuse("uncommitted", message, &target.path)
        .help(format!("git add {shown} && git commit {shown}"))
        .help("or pass `--no-commit`")
}

fn assumed(target: &Target) -> Diagnostic {
    let shown = &target.shown;
    let message = format!("`{shown}` has changes, and is marked assume-unchanged");
    let word = shell_word(shown);
    refuse("uncommitted", message, &target.path)
        .help(format!("git update-index --no-assume-unchanged {word}"))
        .help("then commit the changes, or pass `--no-commit`")
}

fn dirty(target: &Target) -> Diagnostic {
    let shown = &target.shown;
    let message = format!("`{shown}` has changes that are not committed");
    let refused = refuse("uncommitted", message, &target.path);
    match target.path.file_name() {
        "larder.toml" => refused.help("run `larder sync`, which commits them too"),
        _ => refused
            .help(format!("git commit {shown}"))
            .help("or pass `--no-commit`"),
    }
}
