//! The rules that judge one file at a time, over all tracked files at once.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::diagnostic::Diagnostic;
use crate::lint::context::{NixContext, TextContext};
use crate::lint::named;
use crate::lint::rule::Check;
use crate::lint::rules::RULES;
use crate::repo::{Repo, RepoPath};
use crate::survey::Survey;

/// What the file rules say of these files, all tracked ones in most cases. The
/// survey keeps what it has read, for the rules that follow.
pub(super) fn findings(survey: &Survey<'_>, paths: Vec<&RepoPath>) -> Vec<Diagnostic> {
    let each = paths.into_par_iter();
    each.flat_map_iter(|path| of_file(survey, path)).collect()
}

fn of_file(survey: &Survey<'_>, path: &RepoPath) -> Vec<Diagnostic> {
    // A content is told only of files in which the rules for texts found nothing.
    let mut findings = match survey.repo().told(path) {
        Some(_) => Vec::new(),
        None => of_tracked_text(survey.repo(), path),
    };
    if path.file_name().strip_suffix(".nix").is_some() {
        findings.extend(of_nix(survey, path));
    }
    findings
}

/// What is not text (an image, an encrypted file) holds nothing to judge.
fn of_tracked_text(repo: &Repo, path: &RepoPath) -> Vec<Diagnostic> {
    let source = repo.source(path).ok().flatten();
    let judged = source.map(|source| {
        of_text(&TextContext {
            source: &source,
            is_staged_only: false,
        })
    });
    judged.unwrap_or_default()
}

/// True if the file is text in which the rules for texts find nothing.
pub(super) fn is_plain(repo: &Repo, path: &RepoPath) -> bool {
    repo.exists(path) && of_tracked_text(repo, path).is_empty()
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

fn of_nix(survey: &Survey<'_>, path: &RepoPath) -> Vec<Diagnostic> {
    let machine = survey.alone(path).unwrap_or_default();
    let Some(said) = survey.content(path).filter(|said| !said.is_fine()) else {
        return Vec::new();
    };
    let Ok(Some(source)) = survey.repo().source(path) else {
        return Vec::new();
    };
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
