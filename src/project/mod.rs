//! One repository as one run of larder sees it.
//!
//! The inventory, the flake's hosts and the survey of the Nix files are each worked
//! out once, when somebody first asks. A [`Project`] is handed to every step of a
//! command; [`Project::with`] is the same repository as a plan would leave it.

mod inventory;
mod read_inventories;

use std::sync::{Arc, OnceLock};

use crate::diagnostic::{Diagnostic, Source, Stop};
use crate::flake::{Discoveries, Discovery};
use crate::fleet::{self, Fleet, INVENTORY};
use crate::repo::{FileState, Repo, RepoPath};
use crate::survey::{HostSurvey, Known, Survey, Taken};
use crate::wiring::ExpectedModules;

use self::read_inventories::ReadInventories;

/// How a project's inventory and flake are read: afresh, or from what an earlier run
/// kept.
pub trait Reader: Send + Sync {
    /// The fleet that an inventory means.
    ///
    /// # Errors
    /// Every mistake in it.
    fn fleet(&self, inventory: &Source) -> Result<Fleet, Vec<Diagnostic>> {
        fleet::read(inventory)
    }

    /// The hosts of the repository's flake; `known` are those of this run.
    ///
    /// # Errors
    /// When they cannot be found.
    fn discover(&self, repo: &Repo, known: &Discoveries) -> Result<Arc<Discovery>, Diagnostic> {
        known.discover(repo)
    }

    /// What is known of files by their content.
    fn contents(&self) -> Arc<Known> {
        Arc::default()
    }
}

/// Reads everything afresh.
pub struct Afresh;

impl Reader for Afresh {}

/// The repository, its inventory, its flake's hosts and what its Nix files say.
pub struct Project {
    repo: Repo,
    reader: Arc<dyn Reader>,
    needs_inventory: bool,
    fleet: OnceLock<Result<Arc<Fleet>, Stop>>,
    inventories: Arc<ReadInventories>,
    owned: ExpectedModules,
    flake: OnceLock<Result<Arc<Discovery>, Diagnostic>>,
    discoveries: Arc<Discoveries>,
    contents: Arc<Known>,
    taken: Arc<Taken>,
}

impl Project {
    /// The project in this repository.
    pub fn new(repo: Repo) -> Self {
        Self::read_by(repo, Arc::new(Afresh))
    }

    /// The same, with another way to read the inventory and the flake.
    pub fn read_by(repo: Repo, reader: Arc<dyn Reader>) -> Self {
        Self {
            repo,
            needs_inventory: true,
            fleet: OnceLock::new(),
            inventories: Arc::default(),
            owned: ExpectedModules::default(),
            flake: OnceLock::new(),
            discoveries: Arc::default(),
            contents: reader.contents(),
            taken: Arc::default(),
            reader,
        }
    }

    /// The same project for a command that works without an inventory: the fleet is
    /// empty, whether there is one or not.
    #[must_use]
    pub fn without_inventory(self) -> Self {
        Self {
            needs_inventory: false,
            fleet: OnceLock::new(),
            owned: ExpectedModules::default(),
            ..self
        }
    }

    /// False for a [`Project::without_inventory`].
    pub fn has_inventory(&self) -> bool {
        self.needs_inventory
    }

    /// The files.
    pub fn repo(&self) -> &Repo {
        &self.repo
    }

    /// What the inventory means.
    ///
    /// # Errors
    /// When there is no inventory, or it has mistakes.
    pub fn fleet(&self) -> Result<&Fleet, Stop> {
        let read = || {
            if self.needs_inventory {
                let read = |source: &Source| {
                    let read = || self.reader.fleet(source);
                    self.inventories.read(source, read)
                };
                return inventory::load(&self.repo, read);
            }
            Ok(Arc::new(Fleet::empty()))
        };
        let fleet = self.fleet.get_or_init(read).as_ref();
        fleet.map(|fleet| &**fleet).map_err(Stop::clone)
    }

    /// What a text means that a plan makes the inventory.
    ///
    /// # Errors
    /// Every mistake in it.
    pub fn read_inventory(&self, source: &Source) -> Result<Arc<Fleet>, Vec<Diagnostic>> {
        self.inventories.read(source, || fleet::read(source))
    }

    /// The owned modules that the inventory comes to.
    pub fn owned(&self) -> &ExpectedModules {
        &self.owned
    }

    /// The hosts that the flake defines.
    ///
    /// # Errors
    /// When there is no flake, or it certainly defines no host.
    pub fn flake(&self) -> Result<&Discovery, Diagnostic> {
        let found = self.discovery().as_ref();
        found.map(|found| &**found).map_err(Diagnostic::clone)
    }

    fn discovery(&self) -> &Result<Arc<Discovery>, Diagnostic> {
        let discover = || self.reader.discover(&self.repo, &self.discoveries);
        self.flake.get_or_init(discover)
    }

    /// The discoveries of this run.
    pub fn discoveries(&self) -> &Arc<Discoveries> {
        &self.discoveries
    }

    /// The same project in a run that has made these discoveries.
    #[must_use]
    pub fn with_discoveries(self, discoveries: Arc<Discoveries>) -> Self {
        Self {
            discoveries,
            ..self
        }
    }

    /// What the Nix files say.
    pub fn survey(&self) -> Survey<'_> {
        Survey::sharing(&self.repo, self.contents.clone(), self.taken.clone())
    }

    /// What the Nix files say of each host.
    pub fn host_survey(&self) -> HostSurvey<'_> {
        HostSurvey::new(self.survey(), self.discovery().as_deref().ok())
    }

    /// The project as it would be with these changes; with the inventory, where one
    /// of them writes it. What is known by content stays known.
    #[must_use]
    pub fn with(&self, changes: impl IntoIterator<Item = (RepoPath, FileState)>) -> Self {
        let changes: Vec<_> = changes.into_iter().collect();
        let inventory = self.repo.path(INVENTORY);
        let writes_it = changes
            .iter()
            .any(|(path, _)| inventory.as_ref() == Some(path));
        Self {
            needs_inventory: self.needs_inventory || writes_it,
            contents: self.contents.clone(),
            discoveries: self.discoveries.clone(),
            inventories: self.inventories.clone(),
            ..Self::new(self.repo.after(changes))
        }
    }
}
