//! Refuses paths that differ only in case: on a case-insensitive disk they are one file.

use std::collections::{HashMap, HashSet};

use super::target::{Target, refuse};
use crate::diagnostic::{Diagnostic, Stop};
use crate::io::workspace::Workspace;
use crate::repo::RepoPath;

/// A refusal for every new file whose path differs only in case from another: of a tracked
/// file, or of another new file.
pub(super) fn check(ws: &Workspace, targets: &[Target]) -> Result<Vec<Diagnostic>, Stop> {
    if !targets.iter().any(Target::is_new) {
        return Ok(Vec::new());
    }
    let deleted = targets.iter().filter(|target| target.after.is_none());
    let deleted: HashSet<&RepoPath> = deleted.map(|target| &target.path).collect();
    let mut known = HashMap::new();
    for path in ws.git()?.tracked()? {
        if !deleted.contains(&path) {
            add(&mut known, &path);
        }
    }
    let mut refused = Vec::new();
    for target in targets.iter().filter(|target| target.is_new()) {
        let collision = find_collision(&known, &target.path);
        refused.extend(collision.map(|other| collides(target, &other)));
        add(&mut known, &target.path);
    }
    Ok(refused)
}

/// Paths and their folders, by their lower-case form.
type KnownPaths = HashMap<String, String>;

fn add(known: &mut KnownPaths, path: &RepoPath) {
    for part in prefixes(path) {
        known
            .entry(part.to_lowercase())
            .or_insert_with(|| part.to_owned());
    }
}

fn find_collision(known: &KnownPaths, path: &RepoPath) -> Option<String> {
    let mut parts = prefixes(path);
    parts
        .find_map(|part| known.get(&part.to_lowercase()).filter(|it| *it != part))
        .cloned()
}

fn prefixes(path: &RepoPath) -> impl Iterator<Item = &str> {
    let path = path.as_str();
    let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
    folders.chain([path])
}

fn collides(target: &Target, other: &str) -> Diagnostic {
    let message = format!("`{}` differs only in case from `{other}`", target.shown);
    refuse("case-collision", message, &target.path)
}
