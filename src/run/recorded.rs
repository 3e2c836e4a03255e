//! What a person has to know of how a change was recorded: no branch has the commit, or
//! the commit is theirs to make.

use std::collections::BTreeSet;

use crate::io::apply::Applied;
use crate::io::workspace::Workspace;
use crate::plan::Plan;
use crate::text::shell_word;

/// More paths than these are not a command that anybody reads.
const NAMED_PATHS: usize = 8;

/// The notes about the commit that was made, or not.
pub(super) fn notes(workspace: &Workspace, plan: &Plan, applied: &Applied) -> Vec<String> {
    match (&applied.commit, &applied.branch) {
        (Some(commit), None) => vec![format!(
            "HEAD is detached, so no branch has this commit: `git branch NAME {commit}` keeps it"
        )],
        (None, _) if workspace.is_jj() => vec![format!(
            "Jujutsu manages this work tree, so the commit is left to it: `{}`",
            jj_commit(workspace, plan)
        )],
        _ => Vec::new(),
    }
}

/// The command that commits these files alone.
fn jj_commit(workspace: &Workspace, plan: &Plan) -> String {
    let subject = plan.message.lines().next().unwrap_or_default();
    let command = format!("jj commit -m {}", shell_word(subject));
    let paths = plan.changes.iter().map(|(path, _)| path);
    let paths: BTreeSet<String> = paths
        .map(|path| {
            if plan.owned.contains(path) {
                workspace.shown(&path.parent())
            } else {
                workspace.shown(path)
            }
        })
        .collect();
    if paths.len() > NAMED_PATHS {
        return command;
    }
    let is_below = |path: &String, dir: &String| {
        let rest = path.strip_prefix(dir.as_str());
        rest.is_some_and(|rest| rest.starts_with('/'))
    };
    let is_top = |path: &&String| !paths.iter().any(|dir| is_below(path, dir));
    let words = paths
        .iter()
        .filter(is_top)
        .map(|path| shell_word(path).into_owned());
    let words: Vec<String> = words.collect();
    format!("{command} {}", words.join(" "))
}
