//! Refuses to write where git does not look at the work tree: outside of a sparse checkout,
//! and at files that are marked skip-worktree.

use std::collections::HashSet;

use gix::index::File as Index;
use gix::index::entry::Flags;

use super::target::refuse;
use crate::diagnostic::{Diagnostic, Stop};
use crate::io::workspace::{SparseCheckout, Workspace};
use crate::plan::Plan;
use crate::repo::RepoPath;
use crate::text::shell_word;

/// The paths of a plan that cannot be written for this reason, and the refusals.
#[derive(Default)]
pub(super) struct LeftOut {
    pub(super) paths: HashSet<RepoPath>,
    pub(super) refused: Vec<Diagnostic>,
}

/// Looks at every path of the plan.
pub(super) fn check(ws: &Workspace, index: &Index, plan: &Plan) -> Result<LeftOut, Stop> {
    let sparse = SparseCheckout::of(ws.git()?)?;
    let mut left_out = LeftOut::default();
    let (mut outside, mut marked) = (Vec::new(), Vec::new());
    for (path, _) in &plan.changes {
        match &sparse {
            Some(sparse) if !sparse.shows(path) && !is_shown(ws, index, path) => {
                outside.push(path);
            }
            _ if is_marked(index, path) => marked.push(path),
            _ => {}
        }
    }
    let paths = outside.iter().chain(&marked);
    left_out.paths.extend(paths.copied().cloned());
    if let Some(sparse) = sparse.filter(|_| !outside.is_empty()) {
        left_out.refused.push(outside_of(ws, &sparse, &outside));
    }
    let marked = marked.into_iter().map(|path| marked_file(ws, path));
    left_out.refused.extend(marked);
    Ok(left_out)
}

/// True for a tracked file that is checked out all the same.
fn is_shown(ws: &Workspace, index: &Index, path: &RepoPath) -> bool {
    let is_tracked = index.entry_by_path(path.as_str().into()).is_some();
    is_tracked && !is_marked(index, path) && ws.root().join(path.as_str()).exists()
}

fn is_marked(index: &Index, path: &RepoPath) -> bool {
    let entry = index.entry_by_path(path.as_str().into());
    entry.is_some_and(|entry| entry.flags.contains(Flags::SKIP_WORKTREE))
}

fn outside_of(ws: &Workspace, sparse: &SparseCheckout, paths: &[&RepoPath]) -> Diagnostic {
    let first = ws.shown(paths[0]);
    let message = match paths.len() {
        1 => format!("`{first}` is left out by sparse checkout"),
        n => format!(
            "`{first}` and {} more are left out by sparse checkout",
            n - 1
        ),
    };
    refuse("skip-worktree", message, paths[0]).help(add_command(ws, sparse, paths))
}

/// The command that brings the folders of these files into the work tree.
fn add_command(ws: &Workspace, sparse: &SparseCheckout, paths: &[&RepoPath]) -> String {
    let folders = topmost(paths.iter().map(|path| path.parent()));
    let mut words = Vec::new();
    if sparse.is_cone() {
        words.extend(folders.iter().map(|folder| ws.shown(folder)));
        return format!("git sparse-checkout add {}", joined(&words));
    }
    // Patterns; git takes them at the top of the work tree only.
    let at_top = |path: &&&RepoPath| path.parent().as_str().is_empty();
    words.extend(paths.iter().filter(at_top).map(|path| format!("/{path}")));
    let folders = folders.iter().filter(|folder| !folder.as_str().is_empty());
    words.extend(folders.map(|folder| format!("/{folder}/")));
    let git = match ws.dir().as_str() {
        "" => "git".to_owned(),
        _ => format!("git -C {}", shell_word(&ws.root().display().to_string())),
    };
    format!("{git} sparse-checkout add {}", joined(&words))
}

fn joined(words: &[String]) -> String {
    let words: Vec<_> = words.iter().map(|word| shell_word(word)).collect();
    words.join(" ")
}

/// Those of the folders that are in none of the others; the top of the work tree holds
/// no other.
fn topmost(folders: impl Iterator<Item = RepoPath>) -> Vec<RepoPath> {
    let mut folders: Vec<RepoPath> = folders.collect();
    folders.sort();
    let mut top: Vec<RepoPath> = Vec::new();
    for folder in folders {
        let is_in = |above: &RepoPath| {
            let below = folder.as_str().strip_prefix(above.as_str());
            *above == folder
                || !above.as_str().is_empty() && below.is_some_and(|it| it.starts_with('/'))
        };
        if !top.iter().any(is_in) {
            top.push(folder);
        }
    }
    top
}

fn marked_file(ws: &Workspace, path: &RepoPath) -> Diagnostic {
    let shown = ws.shown(path);
    let word = shell_word(&shown);
    let message = format!("`{shown}` is marked skip-worktree: git does not look at the file");
    let mark = format!("git update-index --no-skip-worktree {word}");
    let help = if ws.root().join(path.as_str()).exists() {
        mark
    } else {
        format!("{mark} && git restore {word}")
    };
    refuse("skip-worktree", message, path).help(help)
}
