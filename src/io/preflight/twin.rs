//! Names that differ only in case: one file where the disk does not tell them apart.

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::preflight::{Target, refuse};
use crate::io::workspace::Workspace;
use crate::repo::RepoPath;

/// Every new file whose path differs only in case from one that git tracks.
pub(super) fn check(ws: &Workspace, targets: &[Target]) -> Result<Vec<Diagnostic>, Stop> {
    let gone = |path: &RepoPath| targets.iter().any(|t| t.after.is_none() && t.path == *path);
    let mut seen = HashMap::new();
    for path in ws.git()?.tracked()? {
        if !gone(&path) {
            note(&mut seen, &path);
        }
    }
    let mut refused = Vec::new();
    for target in targets.iter().filter(|target| target.is_new()) {
        refused.extend(twin(&seen, &target.path).map(|twin| said(target, &twin)));
        note(&mut seen, &target.path);
    }
    Ok(refused)
}

type Seen = HashMap<String, String>;

fn note(seen: &mut Seen, path: &RepoPath) {
    for part in prefixes(path) {
        seen.entry(part.to_lowercase())
            .or_insert_with(|| part.to_owned());
    }
}

fn twin(seen: &Seen, path: &RepoPath) -> Option<String> {
    let mut parts = prefixes(path);
    parts
        .find_map(|part| seen.get(&part.to_lowercase()).filter(|it| *it != part))
        .cloned()
}

fn prefixes(path: &RepoPath) -> impl Iterator<Item = &str> {
    let path = path.as_str();
    let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
    folders.chain([path])
}

fn said(target: &Target, twin: &str) -> Diagnostic {
    let message = format!("`{}` differs only in case from `{twin}`", target.shown);
    refuse("case-twin", message, &target.path)
}
