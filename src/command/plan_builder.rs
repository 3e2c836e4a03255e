//! A change in the making: the repository before, and as it would be.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Source, Stop};
use crate::flake::{Discoveries, Discovery};
use crate::fleet::{Fleet, INVENTORY};
use crate::nix::{NixFile, Refusal};
use crate::plan::{Change, Plan};
use crate::project::Project;
use crate::repo::{FileState, Repo, RepoPath, Tracking, Unreadable};
use crate::text::{TextEdit, by_line};
use crate::wiring;

/// Owned modules by path from the flake's folder.
pub(super) type OwnedTexts = BTreeMap<String, String>;

/// Collects what becomes of files; later edits see the earlier ones.
pub(super) struct PlanBuilder<'a> {
    project: &'a Project,
    before: Repo,
    now: Repo,
    touched: BTreeSet<RepoPath>,
    owned: BTreeSet<RepoPath>,
    overwritten: BTreeSet<RepoPath>,
    supposed_gone: BTreeSet<RepoPath>,
}

impl<'a> PlanBuilder<'a> {
    /// A plan that changes nothing yet.
    pub(super) fn of(project: &'a Project) -> Self {
        let repo = project.repo();
        Self {
            project,
            before: repo.clone(),
            now: repo.after([]),
            touched: BTreeSet::new(),
            owned: BTreeSet::new(),
            overwritten: BTreeSet::new(),
            supposed_gone: BTreeSet::new(),
        }
    }

    /// The hosts that the flake defines now, if they can be found.
    pub(super) fn flake(&self) -> Option<&'a Discovery> {
        self.project.flake().ok()
    }

    /// The owned modules that a fleet comes to; if it is the project's, they are known.
    pub(super) fn expected(&self, fleet: &Fleet) -> Cow<'a, OwnedTexts> {
        match self.project.fleet() {
            Ok(own) if std::ptr::eq(own, fleet) => Cow::Borrowed(self.project.owned().of(own)),
            _ => Cow::Owned(wiring::expected(fleet)),
        }
    }

    /// The project before the change.
    pub(super) fn project(&self) -> &'a Project {
        self.project
    }

    /// The Nix files of people's own that the plan has edited so far.
    pub(super) fn edited_modules(&self) -> impl Iterator<Item = &RepoPath> {
        let files = self.touched.difference(&self.owned);
        files.filter(|path| path.file_name().strip_suffix(".nix").is_some())
    }

    /// What this run has discovered.
    pub(super) fn discoveries(&self) -> &'a Discoveries {
        self.project.discoveries()
    }

    /// The repository as it would be.
    pub(super) fn repo(&self) -> &Repo {
        &self.now
    }

    /// Gives a file a whole new text.
    pub(super) fn write(&mut self, path: &RepoPath, text: impl Into<Arc<str>>) {
        self.set_state(path, FileState::Text(text.into()));
    }

    /// Gives an owned module its text, or takes it away.
    pub(super) fn set_owned(&mut self, path: &RepoPath, text: Option<&str>) {
        match text {
            Some(text) => self.write(path, text),
            None => self.delete(path),
        }
        self.owned.insert(path.clone());
    }

    /// Notes that an owned module has an edit of a person's, which is lost.
    pub(super) fn note_overwritten(&mut self, path: &RepoPath) {
        self.overwritten.insert(path.clone());
    }

    /// Notes a file of people's that is not there, and imported what goes.
    pub(super) fn suppose_gone(&mut self, path: &RepoPath) {
        self.supposed_gone.insert(path.clone());
    }

    /// Takes a file away.
    pub(super) fn delete(&mut self, path: &RepoPath) {
        self.set_state(path, FileState::Deleted);
    }

    /// True if there was a file at this path from the flake's folder, and there will be none.
    pub(super) fn has_taken_away(&self, path: &str) -> bool {
        let path = self.now.path(path);
        path.is_some_and(|path| self.before.exists(&path) && !self.now.exists(&path))
    }

    /// Applies an edit that was made for the file as the plan has it so far.
    pub(super) fn edit(&mut self, path: &RepoPath, edit: &TextEdit) -> Result<(), Stop> {
        if edit.is_empty() {
            return Ok(());
        }
        let source = self.source(path)?;
        self.write(path, edit.apply(&source.text));
        Ok(())
    }

    /// An edit of a Nix file as the plan has it so far, through the lossless layer and
    /// not yet made; a refusal points into it.
    pub(super) fn nix_edit(
        &self,
        path: &RepoPath,
        edit: impl FnOnce(&NixFile) -> Result<TextEdit, Refusal>,
    ) -> Result<TextEdit, Stop> {
        let source = self.source(path)?;
        let file = parsed(&self.now, path, &source)?;
        edit(&file).map_err(|refusal| refused(&source, refusal))
    }

    /// The inventory's place.
    pub(super) fn inventory_path(&self) -> RepoPath {
        inventory_path(&self.now)
    }

    /// Gives the inventory a new text and reads it.
    pub(super) fn write_inventory(&mut self, text: String) -> Result<Arc<Fleet>, Stop> {
        let path = self.inventory_path();
        let text: Arc<str> = text.into();
        let source = Source::new(INVENTORY, text.clone());
        let fleet = self.project.read_inventory(&source).map_err(not_written)?;
        self.write(&path, text);
        Ok(fleet)
    }

    /// A file that must be there, with its name.
    pub(super) fn source(&self, path: &RepoPath) -> Result<Source, Stop> {
        match self.now.source(path) {
            Ok(Some(source)) => Ok(source),
            Ok(None) => Err(missing(&self.now.shown(path))),
            Err(why) => Err(unreadable(&self.now.shown(path), &why)),
        }
    }

    /// The plan: every file whose text differs from before.
    pub(super) fn finish(self, message: impl Into<String>) -> Plan {
        let change = |path: &RepoPath| {
            let before = self.before.text(path).ok().flatten();
            let after = self.now.text(path).ok().flatten();
            // A person has deleted it already, and git has it still.
            let is_deletion = before.is_none() && after.is_none() && self.owned.contains(path);
            if is_deletion && self.before.tracking(path) == Tracking::Tracked {
                return Some((path.clone(), Change::Gone));
            }
            Some((path.clone(), change(before, after)?))
        };
        Plan {
            message: message.into(),
            changes: self.touched.iter().filter_map(change).collect(),
            owned: self.owned,
            overwritten: self.overwritten.into_iter().collect(),
            supposed_gone: self.supposed_gone.into_iter().collect(),
            ..Plan::default()
        }
    }

    fn set_state(&mut self, path: &RepoPath, state: FileState) {
        self.now.put(path.clone(), state);
        self.touched.insert(path.clone());
    }
}

fn change(before: Option<Arc<str>>, after: Option<Arc<str>>) -> Option<Change> {
    match (before, after) {
        (Some(before), Some(after)) if before == after => None,
        (Some(before), Some(after)) => Some(Change::Edit { before, after }),
        (None, Some(after)) => Some(Change::Create { after }),
        (Some(before), None) => Some(Change::Delete { before }),
        (None, None) => None,
    }
}

/// The faults of an inventory that is not on the disk: its lines are shown, and their
/// numbers would mislead.
fn not_written(faults: Vec<Diagnostic>) -> Stop {
    Stop::Refused(faults.into_iter().map(without_place).collect())
}

fn without_place(mut fault: Diagnostic) -> Diagnostic {
    let Some(label) = fault.labels.drain(..).next() else {
        return fault;
    };
    let line = by_line::line_at(&label.source.text, label.range.start);
    let line = label.source.text[line].trim();
    let mut would = format!("`{INVENTORY}` would have the line `{line}`");
    if !label.note.is_empty() {
        would.push_str(": ");
        would.push_str(&label.note);
    }
    fault.help.insert(0, would);
    fault
}

/// The inventory's place: at the flake's root.
pub(super) fn inventory_path(repo: &Repo) -> RepoPath {
    repo.path(INVENTORY)
        .expect("a bare file name stays inside the work tree")
}

/// A file's tree, or the error that points at what does not parse.
pub(super) fn parsed(repo: &Repo, path: &RepoPath, source: &Source) -> Result<NixFile, Stop> {
    match repo.nix_uncached(path) {
        Some(Ok(file)) => Ok(file),
        Some(Err(error)) => Err(unparsable(source, &error)),
        None => Err(missing(&source.path)),
    }
}

fn unparsable(source: &Source, error: &crate::nix::SyntaxError) -> Stop {
    let what = format!("`{}` does not parse as Nix: {}", source.path, error.message);
    let found = Diagnostic::error("unparsable-file", what)
        .at(source, error.range.clone(), "")
        .about(&source.path);
    match &error.help {
        Some(help) => found.help(help).into(),
        None => found.into(),
    }
}

fn refused(source: &Source, refusal: Refusal) -> Stop {
    let mut said = Diagnostic::error("edit-refused", refusal.message)
        .at(source, refusal.range, "")
        .about(&source.path);
    said.help = refusal.help;
    said.into()
}

fn missing(path: &str) -> Stop {
    Diagnostic::error("file-missing", format!("there is no file `{path}`"))
        .about(path)
        .help(format!(
            "create `{path}`, or correct its name in `{INVENTORY}`"
        ))
        .into()
}

fn unreadable(path: &str, why: &Unreadable) -> Stop {
    Diagnostic::error("file-unreadable", format!("`{path}` {why}"))
        .about(path)
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet;

    #[test]
    fn a_line_that_is_not_written_has_no_number() {
        let text = "version = 1\n[hosts.pai]\nport = 0\n";
        let faults = fleet::read(&Source::new(INVENTORY, text)).expect_err("there is no port 0");
        let Stop::Refused(faults) = not_written(faults) else {
            panic!("a fault of the inventory is no fault of the machine");
        };
        assert!(faults[0].labels.is_empty());
        assert!(faults[0].help[0].contains("would have the line `port = 0`: "));
    }
}
