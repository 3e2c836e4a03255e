//! The paths that are written out and lead to what moves.

use crate::flake::entry::rename::moves::Moves;
use crate::nix::{NixFile, PathUse, path_uses};
use crate::repo::{Repo, RepoPath};
use crate::text::TextEdit;

/// The edit after which every path of a file leads to where its target is then.
pub(super) fn edit(repo: &Repo, path: &RepoPath, file: &NixFile, moves: &Moves) -> TextEdit {
    let mut edit = TextEdit::empty();
    for one in path_uses(file) {
        if let Some(text) = renamed(repo, path, &one, moves)
            && let Ok(both) = edit.clone().and(TextEdit::replace(one.range.clone(), text))
        {
            edit = both;
        }
    }
    edit
}

/// The text of a path, if it is another one then.
fn renamed(repo: &Repo, file: &RepoPath, one: &PathUse, moves: &Moves) -> Option<String> {
    let folder = if one.from_flake {
        repo.dir().clone()
    } else {
        file.parent()
    };
    let base = folder.join(one.base.trim_start_matches('/'))?;
    let target = base.join(one.text.trim_start_matches('/'))?;
    let after = moves.moved(&target);
    if after == target {
        return None;
    }
    let new: Vec<&str> = after.as_str().split('/').collect();
    let mut depth = base
        .as_str()
        .split('/')
        .filter(|part| !part.is_empty())
        .count();
    let parts = one.text.split('/').map(|part| match part {
        "" | "." => part,
        ".." => {
            depth = depth.saturating_sub(1);
            part
        }
        _ => {
            depth += 1;
            new.get(depth - 1).copied().unwrap_or(part)
        }
    });
    let text = parts.collect::<Vec<_>>().join("/");
    (text != one.text).then_some(text)
}
