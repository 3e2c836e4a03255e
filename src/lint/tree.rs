//! The rules that judge one file at a time, over all tracked files at once.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::diagnostic::{Diagnostic, Source};
use crate::lint::context::{NixContext, TextContext};
use crate::lint::named;
use crate::lint::rule::Check;
use crate::lint::rules::RULES;
use crate::repo::{Repo, RepoPath};
use crate::survey::Survey;

/// What the file rules say of every tracked file. The survey keeps what it has
/// read, for the rules that follow.
pub(super) fn findings(survey: &Survey<'_>, repo: &Repo) -> Vec<Diagnostic> {
    let paths: Vec<&RepoPath> = repo.tracked().collect();
    let each = paths.into_par_iter();
    each.flat_map_iter(|path| of_file(survey, repo, path))
        .collect()
}

fn of_file(survey: &Survey<'_>, repo: &Repo, path: &RepoPath) -> Vec<Diagnostic> {
    // What is not text (an image, an encrypted file) holds nothing to judge.
    let Ok(Some(source)) = repo.source(path) else {
        return Vec::new();
    };
    let text = TextContext { source: &source };
    let mut findings = Vec::new();
    for rule in RULES {
        if let Check::Text(check) = rule.check {
            findings.extend(named(rule, check(&text)));
        }
    }
    if path.file_name().strip_suffix(".nix").is_some() {
        findings.extend(of_nix(survey, repo, path, &source));
    }
    findings
}

fn of_nix(survey: &Survey<'_>, repo: &Repo, path: &RepoPath, source: &Source) -> Vec<Diagnostic> {
    let Some(nix) = repo.nix(path) else {
        return Vec::new();
    };
    let machine = survey.alone(path).unwrap_or_default();
    let context = NixContext {
        source,
        nix: nix.as_ref(),
        machine: &machine,
    };
    let mut findings = Vec::new();
    for rule in RULES {
        if let Check::Nix(check) = rule.check {
            findings.extend(named(rule, check(&context)));
        }
    }
    findings
}
