//! The journal's story of a change, before it happens.

use std::path::{Path, PathBuf};

use crate::io::apply::draft::Fate;
use crate::io::apply::journal::Texts;
use crate::io::apply::secret;
use crate::io::apply::story::{Entry, Place, Story, Way, outcome};
use crate::io::preflight::Target;
use crate::io::workspace::Workspace;
use crate::plan::{Plan, SecretPath};
use crate::repo::RepoPath;

/// A new file's permissions, before the user's umask.
const ORDINARY: u32 = 0o666;

/// What will happen.
pub(super) fn of(
    ws: &Workspace,
    way: Way,
    targets: &[Target],
    fates: &[Fate],
    plan: &Plan,
) -> Story {
    let mut story = Story::new(way);
    story.files = targets
        .iter()
        .zip(fates)
        .map(|(target, fate)| entry(target, fate))
        .collect();
    story.secrets = plan.secrets.iter().map(secret::remember).collect();
    for target in targets.iter().filter(|target| target.is_new()) {
        inside(ws, &target.path, &mut story.folders);
    }
    for secret in &plan.secrets {
        match &secret.path {
            SecretPath::Ignored(path) => inside(ws, path, &mut story.folders),
            SecretPath::Outside(path) => outside(path, &mut story.folders),
        }
    }
    story
}

/// The old and new bytes of each file.
pub(super) fn texts(targets: &[Target]) -> Vec<Texts<'_>> {
    targets
        .iter()
        .map(|it| (bytes(it.before.as_deref()), bytes(it.after.as_deref())))
        .collect()
}

fn bytes(text: Option<&str>) -> Option<&[u8]> {
    text.map(str::as_bytes)
}

fn entry(target: &Target, fate: &Fate) -> Entry {
    Entry {
        path: target.path.as_str().to_owned(),
        old: target.mode,
        new: target
            .after
            .as_ref()
            .map(|_| target.mode.unwrap_or(ORDINARY)),
        same: target.before == target.after,
        from: fate.from.map(|id| id.to_string()),
        to: outcome(&fate.to),
    }
}

/// The folders above `path` that are not there, outermost first.
fn inside(ws: &Workspace, path: &RepoPath, folders: &mut Vec<Place>) {
    let missing = |dir: &RepoPath| !ws.root().join(dir.as_str()).is_dir();
    let up = |dir: &RepoPath| Some(dir.parent());
    let above: Vec<RepoPath> = std::iter::successors(up(path), up)
        .take_while(missing)
        .collect();
    let places = above
        .into_iter()
        .rev()
        .map(|dir| Place::Inside(dir.as_str().to_owned()));
    add(places, folders);
}

fn outside(path: &Path, folders: &mut Vec<Place>) {
    let above = path.ancestors().skip(1).take_while(|dir| !dir.is_dir());
    let above: Vec<PathBuf> = above.map(Path::to_owned).collect();
    add(above.into_iter().rev().map(Place::Outside), folders);
}

fn add(places: impl Iterator<Item = Place>, folders: &mut Vec<Place>) {
    for place in places {
        if !folders.contains(&place) {
            folders.push(place);
        }
    }
}
