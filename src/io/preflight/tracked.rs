//! Checks the path of a file in git's index before the file is written.

use gix::index::File as Index;
use gix::index::entry::Mode;

use super::target::{Target, is_deleted, refuse};
use crate::diagnostic::{Diagnostic, Stop};
use crate::io::workspace::{IgnoreRule, Workspace};
use crate::plan::Plan;
use crate::repo::RepoPath;

/// A refusal for every target that git could not record.
pub(super) fn check(
    ws: &Workspace,
    index: &Index,
    plan: &Plan,
    targets: &[Target],
) -> Result<Vec<Diagnostic>, Stop> {
    let mut refused = Vec::new();
    for target in targets {
        refused.extend(submodule(index, target));
        refused.extend(file_and_folder(index, plan, target));
        if target.is_new() && entry(index, &target.path).is_none() {
            refused.extend(
                ws.ignored_by(&target.path)?
                    .map(|rule| ignored(target, &rule)),
            );
        }
    }
    Ok(refused)
}

fn entry<'a>(index: &'a Index, path: &RepoPath) -> Option<&'a gix::index::Entry> {
    index.entry_by_path(path.as_str().into())
}

fn above(path: &RepoPath) -> impl Iterator<Item = RepoPath> {
    let up = |dir: &RepoPath| Some(dir.parent());
    std::iter::successors(up(path), up).take_while(|dir| !dir.as_str().is_empty())
}

/// Another repository has to commit the change.
pub(super) const IN_SUBMODULE: &str =
    "write it there by hand, or name a module of this repository as `module` in `larder.toml`";

fn submodule(index: &Index, target: &Target) -> Option<Diagnostic> {
    let is_module = |dir: &RepoPath| entry(index, dir).is_some_and(|it| it.mode == Mode::COMMIT);
    let module = above(&target.path).find(is_module)?;
    let message = format!("`{}` is in the submodule `{module}`", target.shown);
    Some(refuse("in-submodule", message, &target.path).help(IN_SUBMODULE))
}

/// Refuses a new file where the index has a file in place of its folder, or files below it.
fn file_and_folder(index: &Index, plan: &Plan, target: &Target) -> Option<Diagnostic> {
    if !target.is_new() {
        return None;
    }
    let is_file = |dir: &RepoPath| {
        entry(index, dir).is_some_and(|it| it.mode != Mode::COMMIT)
            && !is_deleted(plan, dir.as_str())
    };
    let below = format!("{}/", target.path);
    let kept = |it: &gix::index::Entry| !is_deleted(plan, &it.path(index).to_string());
    let inside = index
        .prefixed_entries(below.as_str().into())
        .unwrap_or_default();
    let other = above(&target.path)
        .find(is_file)
        .map(|dir| dir.to_string())
        .or_else(|| {
            inside
                .iter()
                .find(|it| kept(it))
                .map(|it| it.path(index).to_string())
        })?;
    let message = format!(
        "git tracks `{other}`, which conflicts with `{}`",
        target.shown
    );
    let help = format!("git rm --cached {other}");
    Some(refuse("file-and-folder", message, &target.path).help(help))
}

fn ignored(target: &Target, rule: &IgnoreRule) -> Diagnostic {
    let message = format!(
        "git ignores `{}`: line {} of `{}` says `{}`",
        target.shown, rule.line, rule.file, rule.pattern
    );
    let help = format!("add the line `!/{}` after it", target.path);
    refuse("ignored", message, &target.path).help(help)
}
