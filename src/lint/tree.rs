//! The rules that judge one file at a time, over all tracked files at once.

use std::sync::Arc;

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

use crate::diagnostic::Diagnostic;
use crate::lint::context::{NixContext, TextContext};
use crate::lint::rule::Check;
use crate::lint::rules::RULES;
use crate::lint::{AT_A_TIME, named};
use crate::repo::{Hash, Repo, RepoPath, TrackedFile};
use crate::survey::Survey;

/// What the file rules say of these files, all tracked ones in most cases. The
/// survey keeps what it has read, for the rules that follow.
pub(super) fn findings(survey: &Survey<'_>, files: Vec<TrackedFile<'_>>) -> Vec<Diagnostic> {
    let each = files.into_par_iter().with_max_len(AT_A_TIME);
    each.flat_map_iter(|file| of_file(survey, file)).collect()
}

fn of_file(survey: &Survey<'_>, file: TrackedFile<'_>) -> Vec<Diagnostic> {
    // A content is told only of files in which the rules for texts found nothing.
    let text = match file.known_hash() {
        Some(_) => None,
        // What is not text (an image, an encrypted file) holds nothing to judge.
        None => file.text_uncached().ok().flatten(),
    };
    let path = file.path();
    let is_nix = path.file_name().strip_suffix(".nix").is_some();
    let mut findings = Vec::new();
    if let Some(text) = &text {
        findings = of_tracked_text(survey.repo(), path, text);
        let hash = Hash::of(text);
        if is_nix {
            survey.take_in(file, text, hash);
        }
        if findings.is_empty() {
            file.set_known_hash(hash);
        }
    }
    if is_nix {
        findings.extend(of_nix(survey, path, text));
    }
    findings
}

fn of_tracked_text(repo: &Repo, path: &RepoPath, text: &Arc<str>) -> Vec<Diagnostic> {
    of_text(&TextContext {
        source: &repo.to_source(path, text.clone()),
        is_staged_only: false,
    })
}

/// What they say of texts that only git's index has.
pub(super) fn staged(repo: &Repo) -> Vec<Diagnostic> {
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

fn of_text(text: &TextContext<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for rule in RULES {
        if let Check::Text(check) = rule.check {
            findings.extend(named(rule, check(text)));
        }
    }
    findings
}

/// `text`: if somebody has read it.
fn of_nix(survey: &Survey<'_>, path: &RepoPath, text: Option<Arc<str>>) -> Vec<Diagnostic> {
    let Some((said, machine)) = survey.to_judge(path) else {
        return Vec::new();
    };
    let read = || survey.repo().text(path).ok().flatten();
    let Some(text) = text.or_else(read) else {
        return Vec::new();
    };
    let source = survey.repo().to_source(path, text);
    let file = NixContext {
        source: &source,
        content: &said,
        machine: &machine,
    };
    let mut findings = Vec::new();
    for rule in RULES {
        if let Check::Nix(check) = rule.check {
            findings.extend(named(rule, check(&file)));
        }
    }
    if findings.is_empty() {
        said.found_fine();
    }
    findings
}
