//! The checks that judge one file at a time, over all tracked files at once.

use std::sync::Arc;

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

use crate::lint::change_set::ChangeSet;
use crate::lint::check::StaticCheck;
use crate::lint::context::{FileContext, TextContext};
use crate::lint::finding::Finding;
use crate::lint::order;
use crate::lint::run::ask::findings;
use crate::lint::run::conditions;
use crate::lint::run::files_of_hosts::FilesOfHosts;
use crate::repo::{Hash, Repo, RepoPath, TrackedFile};
use crate::survey::{Machine, Survey};

/// How many files a core takes at a time: none waits long for the other.
const AT_A_TIME: usize = 64;

/// A file of more bytes takes as long as many others.
const LARGE: u64 = 100_000;

/// What the rules that need no inventory find in the files that have changed, by file
/// and place. The survey then knows what these say.
pub fn of_files(survey: &Survey<'_>, changes: &ChangeSet) -> Vec<Finding> {
    let files = survey
        .repo()
        .files()
        .filter(|file| changes.has_file(file.path()));
    // The large ones first, and the small ones fill the gaps.
    let is_large = |file: &TrackedFile<'_>| file.size().is_some_and(|bytes| bytes > LARGE);
    let (mut files, small): (Vec<_>, Vec<_>) = files.partition(is_large);
    files.extend(small);
    let each = files.into_par_iter().with_max_len(AT_A_TIME);
    let files = FilesOfHosts::new(survey);
    let found = each.flat_map_iter(|file| of_file(survey, &files, file));
    let mut found: Vec<Finding> = found.collect();
    found.extend(of_staged(survey.repo()));
    order::by_place(found)
}

fn of_file(survey: &Survey<'_>, files: &FilesOfHosts<'_>, file: TrackedFile<'_>) -> Vec<Finding> {
    // A hash is known only of files in which the checks of texts found nothing.
    let text = match file.known_hash() {
        Some(_) => None,
        // What is not text (an image, an encrypted file) holds nothing to judge.
        None => file.text_uncached().ok().flatten(),
    };
    let path = file.path();
    let is_nix = path.file_name().strip_suffix(".nix").is_some();
    let mut found = Vec::new();
    if let Some(text) = &text {
        found = of_tracked_text(survey.repo(), path, text);
        let hash = Hash::of(text);
        if is_nix {
            survey.take_in(file, text, hash);
        }
        if found.is_empty() {
            file.set_known_hash(hash);
        } else if let Some(in_git) = survey.repo().filtered(path) {
            // What is encrypted on its way into git is not there for others to read.
            let in_git = in_git.ok().flatten();
            found =
                in_git.map_or_else(Vec::new, |text| of_tracked_text(survey.repo(), path, &text));
        }
    }
    if is_nix {
        found.extend(of_nix(survey, files, path, text));
    }
    found
}

fn of_tracked_text(repo: &Repo, path: &RepoPath, text: &Arc<str>) -> Vec<Finding> {
    of_text(&TextContext {
        source: &repo.to_source(path, text.clone()),
        is_staged_only: false,
    })
}

/// What is found in texts that only git's index has.
fn of_staged(repo: &Repo) -> Vec<Finding> {
    let texts = repo.staged();
    texts
        .flat_map(|source| {
            of_text(&TextContext {
                source: &source,
                is_staged_only: true,
            })
        })
        .collect()
}

fn of_text(text: &TextContext<'_>) -> Vec<Finding> {
    findings(|check| match check {
        StaticCheck::Text(check) => check(text),
        _ => Vec::new(),
    })
}

/// `text`: if somebody has read it.
fn of_nix(
    survey: &Survey<'_>,
    files: &FilesOfHosts<'_>,
    path: &RepoPath,
    text: Option<Arc<str>>,
) -> Vec<Finding> {
    let Some((content, machine)) = survey.to_judge(path) else {
        return Vec::new();
    };
    let read = || survey.repo().text(path).ok().flatten();
    let Some(text) = text.or_else(read) else {
        return Vec::new();
    };
    let source = survey.repo().to_source(path, text);
    let judged = |machine: &Machine| {
        let file = FileContext {
            source: &source,
            content: &content,
            machine,
            imported: &|| files.imported(path),
        };
        findings(|check| match check {
            StaticCheck::File(check) => check(&file),
            _ => Vec::new(),
        })
    };
    let found = judged(&machine);
    // What a file with a mistake is depends on the files that import it.
    if found.is_empty() && content.mistake.is_none() {
        content.found_fine();
    }
    conditions::decided(found, || files.machines_with(path), judged)
}
