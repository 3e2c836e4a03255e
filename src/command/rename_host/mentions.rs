//! Where the repository still says the old name: in files, and in the names of files, that
//! larder leaves as they are.

use std::collections::BTreeSet;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::command::plan_builder::PlanBuilder;
use crate::fleet::{Fleet, HostName, INVENTORY};
use crate::repo::{Repo, RepoPath};
use crate::text::word_starts;

/// How many places are named.
const NAMED: usize = 12;

/// The places, if there are any.
pub(super) fn note(builder: &PlanBuilder, fleet: &Fleet, old: &HostName) -> Option<String> {
    let repo = builder.repo();
    let paths = of_people(repo, fleet);
    let names: BTreeSet<String> = paths.iter().filter_map(|path| named(path, old)).collect();
    let texts: Vec<Vec<String>> = paths
        .into_par_iter()
        .map(|path| lines(repo, path, old))
        .collect();
    let places: Vec<String> = texts.into_iter().flatten().chain(names).collect();
    let more = places.len().saturating_sub(NAMED);
    let more = match more {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let places = places.iter().take(NAMED).cloned().collect::<Vec<_>>();
    (!places.is_empty()).then(|| {
        let places = places.join(", ");
        format!("`{old}` is still the word in {places}{more}: see whether this machine is meant")
    })
}

fn of_people<'r>(repo: &'r Repo, fleet: &Fleet) -> Vec<&'r RepoPath> {
    let generated = format!("{}/", fleet.dir);
    let is_peoples = |path: &&RepoPath| {
        let shown = repo.shown(path);
        let is_lock = path.file_name().strip_suffix(".lock").is_some();
        !is_lock && shown != INVENTORY && !shown.starts_with(&generated)
    };
    repo.tracked().filter(is_peoples).collect()
}

/// The path down to the part that has the name in it.
fn named(path: &RepoPath, name: &HostName) -> Option<String> {
    let text = path.as_str();
    let start = word_starts(text, name).next()?;
    let end = text[start..]
        .find('/')
        .map_or(text.len(), |at| start + at + 1);
    Some(text[..end].to_owned())
}

/// The lines of a text that say the name, each once.
fn lines(repo: &Repo, path: &RepoPath, name: &HostName) -> Vec<String> {
    let text = repo.text(path).ok().flatten();
    let Some(text) = text.filter(|text| text.contains(name.as_str())) else {
        return Vec::new();
    };
    let starts = word_starts(&text, name);
    let mut lines: Vec<usize> = starts
        .map(|at| text[..at].matches('\n').count() + 1)
        .collect();
    lines.dedup();
    let shown = repo.shown(path);
    lines.iter().map(|line| format!("{shown}:{line}")).collect()
}
