//! What a plan must pass before anything is written.
//!
//! Three questions, all pure: does every changed file of Nix or data still parse,
//! without a new duplicate attribute? Are its comments all still there? And has the lint of
//! the repository after the plan an error that the repository before it had not?
//! What cannot be judged (an inventory or a flake that is not to be read) is an error too.

use std::collections::HashSet;

use rayon::iter::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};

use super::{Change, Plan, Rename};
use crate::data;
use crate::diagnostic::{Diagnostic, Severity, Stop};
use crate::fleet::{Cache, Day, ExternalCache, Fleet};
use crate::lint::{self, ChangeSet, Finding, Snapshot, Target};
use crate::nix::{NixFile, edit};
use crate::project::Project;
use crate::repo::{Repo, RepoPath};
use crate::text::{is_part_of, rename_word};

/// A plan that passed [`check`]; the only thing that `io` applies.
#[derive(Clone)]
pub struct CheckedPlan {
    plan: Plan,
    is_uncertain: bool,
}

impl CheckedPlan {
    /// The plan, to be read.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// True if the files leave a doubt: after it, lint warns of something that is new.
    pub fn is_uncertain(&self) -> bool {
        self.is_uncertain
    }

    /// The same plan, which says this too.
    #[must_use]
    pub fn with_warnings(self, warnings: Vec<Finding>) -> Self {
        Self {
            plan: with_warnings(self.plan, warnings),
            ..self
        }
    }

    /// The same plan, with these notes.
    #[must_use]
    pub fn with_notes(self, notes: Vec<String>) -> Self {
        let plan = Plan { notes, ..self.plan };
        Self { plan, ..self }
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

/// Checks a plan that was made for `project`. What an allowance of the inventory covers
/// counts as little here as for lint; `today` decides which have expired.
///
/// # Errors
/// Everything that speaks against it, at once; what cannot be judged as well.
pub fn check(
    plan: Plan,
    project: &Project,
    findings: Findings,
    today: Option<Day>,
) -> Result<CheckedPlan, Stop> {
    let ground = (!plan.groundwork.is_empty()).then(|| project.with(plan.groundwork.clone()));
    let sides = Sides {
        before: ground.as_ref().unwrap_or(project),
        next: project.with(plan.file_states()),
    };
    let compares = findings == Findings::NoneNew && !plan.is_empty();
    let (against, ()) = rayon::join(
        || unsound_texts(project.repo(), &plan),
        || {
            if compares {
                sides.read_ahead();
            }
        },
    );
    if !against.is_empty() {
        return Err(Stop::Refused(against));
    }
    if plan.is_empty() {
        return Ok(CheckedPlan {
            plan,
            is_uncertain: false,
        });
    }
    let (errors, warnings): (Vec<_>, Vec<_>) = new_findings(&sides, &plan, findings, today)?
        .into_iter()
        .partition(|finding| finding.severity() == Severity::Error);
    if !errors.is_empty() {
        let errors = errors.into_iter();
        let errors = errors.map(|error| as_refusal(error, sides.before));
        return Err(Stop::Refused(errors.collect()));
    }
    Ok(CheckedPlan {
        is_uncertain: warnings.iter().any(leaves_a_doubt),
        plan: with_warnings(plan, warnings),
    })
}

/// The error as the reason of a refusal: what is not made cannot be taken away again.
fn as_refusal(error: Finding, before: &Project) -> Diagnostic {
    let new_cache = match error.subject().target() {
        Target::Cache(name) => {
            let fleet = before
                .has_inventory()
                .then(|| before.fleet().ok())
                .flatten();
            let is_there = fleet.is_some_and(|fleet| fleet.caches.contains_key(name));
            (!is_there).then(|| name.to_string())
        }
        _ => None,
    };
    let mut refusal = Diagnostic::from(error);
    if let Some(name) = new_cache {
        let undo = format!("`larder remove-cache {name}`");
        refusal.help.retain(|help| !help.contains(&undo));
    }
    refusal
}

/// The rule whose findings are certain: Nix has nothing to add.
const CERTAIN: &str = "client-platform-differs";

fn leaves_a_doubt(finding: &Finding) -> bool {
    finding.rule().name() != CERTAIN
}

/// The plan, which says what will be wrong afterwards in ways that do not stop it.
fn with_warnings(mut plan: Plan, warnings: Vec<Finding>) -> Plan {
    let said = warnings.into_iter().map(|finding| {
        let rule = finding.rule().name();
        let diagnostic = Diagnostic::from(finding);
        let help = diagnostic.help.first().filter(|help| !help.contains('\n'));
        let help = help.map(|help| format!("; {help}")).unwrap_or_default();
        format!("{}{help} ({rule})", diagnostic.message)
    });
    plan.notes.extend(said);
    plan
}

/// What a plan is made for, and what it gives.
struct Sides<'a> {
    before: &'a Project,
    next: Project,
}

impl Sides<'_> {
    /// Brings in what both are compared by: on other cores, while texts are looked at. What
    /// cannot be read is said by who needs it.
    fn read_ahead(&self) {
        [self.before, &self.next].into_par_iter().for_each(|side| {
            drop(side.fleet());
            drop(side.flake());
        });
    }
}

fn unsound_texts(repo: &Repo, plan: &Plan) -> Vec<Diagnostic> {
    let changes = plan.changes.par_iter();
    let against = changes.filter_map(|(path, change)| check_text(repo, plan, path, change));
    against.collect()
}

fn check_text(repo: &Repo, plan: &Plan, path: &RepoPath, change: &Change) -> Option<Diagnostic> {
    let is_nix = std::path::Path::new(path.as_str())
        .extension()
        .is_some_and(|extension| extension == "nix");
    let (before, after) = (change.before(), change.after()?);
    let shown = repo.shown(path);
    if plan.owned.contains(path) {
        let wrong = NixFile::parse(after).err();
        return wrong.map(|error| unsound(&shown, &error.message));
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
    let before = left.or(before);
    if !is_nix {
        let damage = data::damage(path.file_name(), before?, after)?;
        return Some(unsound(&shown, &damage));
    }
    // A file that did not parse before has no comments to compare.
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
fn new_findings(
    Sides { before, next }: &Sides<'_>,
    plan: &Plan,
    findings: Findings,
    today: Option<Day>,
) -> Result<Vec<Finding>, Stop> {
    next.fleet()?;
    if findings == Findings::NotCompared {
        return Ok(Vec::new());
    }
    let changes = change_set(before, next, plan)?;
    let known = judged(before, &changes)?;
    let known: HashSet<_> = known.iter().map(|one| identity(plan, one)).collect();
    let fleet = next.has_inventory().then(|| next.fleet()).transpose()?;
    let mut new = judged(next, &changes)?;
    new.retain(|finding| {
        let waits = fleet.is_some_and(|fleet| waits(fleet, finding));
        !known.contains(&identity(plan, finding))
            && (finding.severity() == Severity::Error || !waits)
    });
    if let Some(fleet) = fleet {
        lint::take_allowed(fleet, &mut new, today);
    }
    Ok(new)
}

/// By what a finding is known again: its rule and its subject, in which a host may get
/// another name, and so another place among others.
fn identity(plan: &Plan, finding: &Finding) -> (&'static str, String) {
    let (rule, subject) = (finding.rule().name(), finding.subject().to_string());
    let Some(Rename { old, new }) = &plan.renamed else {
        return (rule, subject);
    };
    let renamed = rename_word(&subject, old, new);
    let mut words: Vec<&str> = renamed.split(' ').collect();
    words.sort_unstable();
    (rule, words.join(" "))
}

/// The rule of a cache whose signing key is not known, which the verb says with what to do.
const PENDING: &str = "signing-key-pending";

/// True if a client is not wired yet, or a cache has no key yet: what it waits for the verb
/// says itself.
fn waits(fleet: &Fleet, finding: &Finding) -> bool {
    let waits = |cache: &Cache, client| !fleet.missing(cache, client).is_empty();
    let waits_elsewhere =
        |cache: &ExternalCache, client| !fleet.missing_for_external(cache, client).is_empty();
    match finding.subject().target() {
        Target::Cache(_) => finding.rule().name() == PENDING,
        Target::Link { client, cache } => {
            let client = fleet.hosts.get(client);
            let served = fleet.caches.get(cache).zip(client);
            let elsewhere = fleet.external_caches.get(cache).zip(client);
            served.is_some_and(|(cache, client)| waits(cache, client))
                || elsewhere.is_some_and(|(cache, client)| waits_elsewhere(cache, client))
        }
        _ => false,
    }
}

/// What a plan affects, which was made for `before` and gives `after`.
///
/// # Errors
/// When the inventory or the flake of either cannot be read.
pub fn change_set(before: &Project, after: &Project, plan: &Plan) -> Result<ChangeSet, Stop> {
    if !after.has_inventory() {
        return Ok(ChangeSet::all());
    }
    let paths: Vec<RepoPath> = plan.changes.iter().map(|(path, _)| path.clone()).collect();
    let (old, new) = (snapshot(before)?, snapshot(after)?);
    Ok(ChangeSet::between(old, new, before.repo(), &paths))
}

fn snapshot(project: &Project) -> Result<Snapshot<'_>, Stop> {
    Ok(Snapshot {
        fleet: project.fleet()?,
        flake: project.flake()?,
        owned: project.owned(),
    })
}

fn judged(project: &Project, changes: &ChangeSet) -> Result<Vec<Finding>, Stop> {
    let survey = project.survey();
    let mut all = lint::of_files(&survey, changes);
    if project.has_inventory() {
        all = lint::with_fleet(snapshot(project)?, &survey, changes, all);
    }
    Ok(all)
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
