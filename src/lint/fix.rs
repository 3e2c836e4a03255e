//! Corrections that are safe to make unasked.

use std::collections::BTreeMap;

use crate::lint::finding::Finding;
use crate::project::Project;
use crate::repo::{FileState, Repo, RepoPath};
use crate::text::TextEdit;

/// A correction may make room for another; more rounds than anything needs.
const ROUNDS: usize = 10;

/// The files as they are with every safe correction made, by path: those that
/// change, and only those.
///
/// `judge` gives the findings of a project. Where two corrections touch the
/// same bytes, the later one waits for the next round. A correction after which a
/// file is no longer Nix is not made.
pub fn fixed(
    project: &Project,
    judge: impl Fn(&Project) -> Vec<Finding>,
) -> BTreeMap<RepoPath, String> {
    let mut all = BTreeMap::new();
    for _ in 0..ROUNDS {
        let project = project.with(outcomes(&all));
        let round = round(project.repo(), &judge(&project));
        if round.is_empty() {
            break;
        }
        all.extend(round);
    }
    all
}

fn outcomes(texts: &BTreeMap<RepoPath, String>) -> Vec<(RepoPath, FileState)> {
    let outcome =
        |(path, text): (&RepoPath, &String)| (path.clone(), FileState::Text(text.as_str().into()));
    texts.iter().map(outcome).collect()
}

fn round(repo: &Repo, findings: &[Finding]) -> BTreeMap<RepoPath, String> {
    let edits = edits(repo, findings).into_iter();
    edits
        .filter_map(|(path, edit)| {
            let before = repo.text(&path).ok()??;
            let after = edit.apply(&before);
            let is_sound = *after != *before && still_parses(repo, &path, &after);
            is_sound.then_some((path, after))
        })
        .collect()
}

fn edits(repo: &Repo, findings: &[Finding]) -> BTreeMap<RepoPath, TextEdit> {
    let mut edits: BTreeMap<RepoPath, TextEdit> = BTreeMap::new();
    for finding in findings {
        let shown = finding.diagnostic();
        let Some((fix, label)) = shown.fix.as_ref().zip(shown.labels.first()) else {
            continue;
        };
        let Some(path) = repo.path(&label.source.path) else {
            continue;
        };
        let edit = edits.entry(path).or_default();
        if let Ok(both) = edit.clone().and(fix.clone()) {
            *edit = both;
        }
    }
    edits
}

fn still_parses(repo: &Repo, path: &RepoPath, after: &str) -> bool {
    let next = repo.after([(path.clone(), FileState::Text(after.into()))]);
    let was_nix = matches!(repo.nix(path), Some(Ok(_)));
    !was_nix || matches!(next.nix(path), Some(Ok(_)))
}
