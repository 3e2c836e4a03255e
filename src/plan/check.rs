//! What a plan must pass before anything is written.
//!
//! Three questions, all pure: does every changed file of Nix or data still parse,
//! without a new duplicate attribute? Are its comments all still there? And has the lint of
//! the repository after the plan an error that the repository before it had not?

use std::collections::HashSet;

use super::{Change, Plan};
use crate::diagnostic::{Diagnostic, Severity, Source};
use crate::flake::{self, Found};
use crate::fleet::{self, Fleet, INVENTORY};
use crate::lint::{self, Side, Touched};
use crate::nix::{NixFile, edit};
use crate::repo::{Repo, RepoPath};
use crate::survey::Survey;
use crate::text::is_part_of;

/// A plan that passed [`check`]; the only thing that `io` applies.
pub struct CheckedPlan(Plan);

impl CheckedPlan {
    /// The plan, to be read.
    pub fn plan(&self) -> &Plan {
        &self.0
    }
}

/// Whether the lint of before and after is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Findings {
    /// An error that was not there before is a refusal.
    NoneNew,
    /// The inventory is new, so everything it brings to light is.
    NotCompared,
}

/// Checks a plan that was made on `repo`.
///
/// # Errors
/// Everything that speaks against it, at once.
pub fn check(plan: Plan, repo: &Repo, findings: Findings) -> Result<CheckedPlan, Vec<Diagnostic>> {
    let mut against: Vec<Diagnostic> = plan
        .changes
        .iter()
        .filter_map(|(path, change)| check_text(repo, &plan, path, change))
        .collect();
    if against.is_empty() && findings == Findings::NoneNew && !plan.is_empty() {
        against = new_errors(repo, &plan);
    }
    if against.is_empty() {
        Ok(CheckedPlan(plan))
    } else {
        Err(against)
    }
}

fn check_text(repo: &Repo, plan: &Plan, path: &RepoPath, change: &Change) -> Option<Diagnostic> {
    let is_nix = std::path::Path::new(path.as_str())
        .extension()
        .is_some_and(|extension| extension == "nix");
    let (before, after) = (change.before(), change.after()?);
    let shown = repo.shown(path);
    if !is_nix {
        let damage = flake::data_damage(path.file_name(), before?, after)?;
        return Some(unsound(&shown, &damage));
    }
    // Where settings were taken out, all that has to be there is what was left.
    let taken = plan.taken.iter().find(|(file, _)| file == path);
    let left = taken.map(|(_, left)| &**left);
    if before
        .zip(left)
        .is_some_and(|(all, left)| !is_part_of(left, all))
    {
        return Some(unsound(&shown, "more than was taken out would be lost"));
    }
    // A file that did not parse before has no comments to compare.
    let before = left.or(before);
    let before = before.and_then(|before| NixFile::parse(before).ok());
    let wrong = match before {
        Some(before) => edit::verify(&before, after).err().map(|e| e.to_string()),
        None => NixFile::parse(after).err().map(|e| e.message),
    };
    wrong.map(|why| unsound(&shown, &why))
}

fn unsound(shown: &str, why: &str) -> Diagnostic {
    let said = format!("the change to `{shown}` would not be sound: {why}");
    Diagnostic::error("plan-unsound", said)
        .about(shown)
        .help("nothing was written; please report this with the file")
}

/// Of what the plan does not touch, nothing is read: it has the errors that it had.
fn new_errors(repo: &Repo, plan: &Plan) -> Vec<Diagnostic> {
    let next = repo.after(plan.outcomes());
    let Some(after) = Meaning::of(&next) else {
        return Vec::new();
    };
    let Some(before) = Meaning::of(repo) else {
        return errors(&next, &after, &Touched::all());
    };
    let paths: Vec<RepoPath> = plan.changes.iter().map(|(path, _)| path.clone()).collect();
    let touched = Touched::between(before.side(), after.side(), repo, &paths);
    let old = errors(repo, &before, &touched);
    let known: HashSet<_> = old.iter().map(Diagnostic::fingerprint).collect();
    let mut new = errors(&next, &after, &touched);
    new.retain(|finding| !known.contains(&finding.fingerprint()));
    new
}

/// What a repository means.
struct Meaning {
    fleet: Fleet,
    found: Found,
}

impl Meaning {
    /// `None` if the inventory or the flake cannot be read, which is then said
    /// elsewhere.
    fn of(repo: &Repo) -> Option<Self> {
        Some(Self {
            fleet: fleet_of(repo)?,
            found: flake::discover(repo).ok()?,
        })
    }

    fn side(&self) -> Side<'_> {
        Side {
            fleet: &self.fleet,
            found: &self.found,
        }
    }
}

fn errors(repo: &Repo, meaning: &Meaning, touched: &Touched) -> Vec<Diagnostic> {
    let survey = Survey::new(repo);
    let of_files = lint::of_files(&survey, touched);
    let (fleet, found) = (&meaning.fleet, &meaning.found);
    let mut all = lint::with_fleet(fleet, found, &survey, touched, of_files);
    all.retain(|finding| finding.severity == Severity::Error);
    all
}

fn fleet_of(repo: &Repo) -> Option<Fleet> {
    let text = repo.text(&repo.path(INVENTORY)?).ok()??;
    fleet::read(&Source::new(INVENTORY, text)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::TextEdit;

    /// What `check_text` says of a file that had a setting taken out.
    fn said(before: &str, left: &str, after: &str) -> Option<String> {
        let path = RepoPath::new("pai.nix")?;
        let change = Change::Edit {
            before: before.into(),
            after: after.into(),
        };
        let plan = Plan {
            taken: vec![(path.clone(), left.into())],
            ..Plan::default()
        };
        let repo = Repo::from_pairs([("pai.nix", before)]);
        check_text(&repo, &plan, &path, &change).map(|said| said.message)
    }

    #[test]
    fn what_is_taken_out_may_be_bytes_only() {
        let before = "{ a = 1; /* one */ b = { /* two */ c = 2; }; }";
        let left = "{ a = 1; /* one */ }";
        assert_eq!(
            said(before, left, "{ imports = [ ]; a = 1; /* one */ }"),
            None
        );
        let lost = said(before, left, "{ imports = [ ]; a = 1; }");
        assert!(lost.is_some_and(|why| why.contains("`/* one */` would be lost")));
        let other = TextEdit::replace(6..7, "2").apply(left);
        let changed = said(before, &other, &other);
        assert!(changed.is_some_and(|why| why.contains("more than was taken out")));
    }
}
