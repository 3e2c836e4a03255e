//! Which files the hosts of the flake are made of.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::diagnostic::Source;
use crate::flake::{self, Discovery, FlakeModule};
use crate::fleet::{self, Fleet, Host, INVENTORY};
use crate::lint::context::Imported;
use crate::lint::subject::is_within;
use crate::nix::AttrPath;
use crate::repo::{Repo, RepoPath};
use crate::survey::{HostSurvey, Machine, Survey, Unread};

/// The files that hosts import; worked out when it is first asked, because only a file
/// with a fault in it raises the question.
pub(super) struct FilesOfHosts<'a> {
    survey: &'a Survey<'a>,
    files: OnceLock<Option<ReachedFiles>>,
}

/// What the flake and the modules of its hosts read.
struct ReachedFiles {
    reached: BTreeSet<RepoPath>,
    /// Modules that were not followed may read more.
    is_open: bool,
    flake: Discovery,
}

impl<'a> FilesOfHosts<'a> {
    pub(super) fn new(survey: &'a Survey<'a>) -> Self {
        Self {
            survey,
            files: OnceLock::new(),
        }
    }

    /// Whether a host imports the file. Where the flake's hosts are not known, it counts
    /// as imported.
    pub(super) fn imported(&self, path: &RepoPath) -> Imported {
        let files = self.files.get_or_init(|| files(self.survey));
        match files {
            Some(files) if files.reached.contains(path) => Imported::Yes,
            Some(files) if files.is_open => Imported::NotSeen,
            Some(_) => Imported::No,
            None => Imported::Yes,
        }
    }

    /// The machines that have the file, with nothing but it.
    pub(super) fn machines_with(&self, path: &RepoPath) -> Vec<Machine> {
        let files = self.files.get_or_init(|| files(self.survey));
        let flake = files.as_ref().map(|files| &files.flake);
        let survey = HostSurvey::new(self.survey.clone(), flake);
        let hosts = flake.into_iter().flat_map(|flake| &flake.hosts);
        let machines = hosts.filter_map(|host| survey.machine_of(host)?.only(path));
        machines.collect()
    }
}

fn files(survey: &Survey<'_>) -> Option<ReachedFiles> {
    let repo = survey.repo().recording_accesses();
    let flake = flake::discover(&repo).ok()?;
    if !flake.notes.is_empty() || flake.hosts.is_empty() {
        return None;
    }
    let fleet = inventory(&repo);
    let mut files = ReachedFiles {
        reached: repo.accessed().into_iter().collect(),
        is_open: false,
        flake: flake.clone(),
    };
    let hosts = flake.hosts.iter();
    let listed: Vec<&FlakeModule> = hosts.flat_map(|host| &host.modules).collect();
    files.is_open |= listed
        .iter()
        .any(|one| matches!(one, FlakeModule::Unknown(_)));
    let own = flake.hosts.iter();
    let own = own.filter_map(|host| Some((host.module.clone()?, names(host.within.as_deref()))));
    let listed = listed.into_iter().filter_map(place);
    let named = fleet.iter().flat_map(|fleet| named(fleet, &repo));
    let modules: BTreeSet<FileModule> = listed.chain(own).chain(named).collect();
    for (module, within) in modules {
        files.add(&survey.machine(&module, &within), fleet.as_ref());
        files.reached.insert(module);
    }
    Some(files)
}

impl ReachedFiles {
    /// Adds a module, and what it imports.
    fn add(&mut self, machine: &Machine, fleet: Option<&Fleet>) {
        // What larder's own modules import is known.
        let is_larders = |module: &Unread| {
            let file = module.spot.as_ref().map(|spot| spot.file.shown());
            file.zip(fleet)
                .is_some_and(|(file, fleet)| is_within(&file, &fleet.dir))
        };
        let unread = machine.unread();
        let mut open = unread.iter().filter(|module| module.may_have_files());
        self.is_open |= open.any(|module| !is_larders(module));
        self.reached.extend(machine.files().cloned());
        let unread = machine.unread_imports().into_iter();
        self.reached.extend(unread.filter_map(|import| import.path));
    }
}

fn inventory(repo: &Repo) -> Option<Fleet> {
    let text = repo
        .path(INVENTORY)
        .and_then(|path| repo.text(&path).ok()?)?;
    fleet::read(&Source::new(INVENTORY, text)).ok()
}

/// A file, and the attribute path of a module in it.
type FileModule = (RepoPath, Vec<String>);

fn place(module: &FlakeModule) -> Option<FileModule> {
    let within = match module {
        FlakeModule::Attribute(_, within) => Some(within.as_str()),
        _ => None,
    };
    Some((module.file()?.clone(), names(within)))
}

fn names(within: Option<&str>) -> Vec<String> {
    let path = within.and_then(|within| within.parse::<AttrPath>().ok());
    path.map_or_else(Vec::new, |path| path.names().to_vec())
}

/// The modules that the inventory names.
fn named(fleet: &Fleet, repo: &Repo) -> Vec<FileModule> {
    let own = |host: &Host| {
        let within = host.within.as_ref().map(AttrPath::names);
        Some((host.module.clone()?, within.unwrap_or_default().to_vec()))
    };
    let shared = fleet.import.clone().map(|module| (module, Vec::new()));
    let modules = fleet.hosts.values().filter_map(own).chain(shared);
    let in_repo = modules.filter_map(|(module, within)| Some((repo.path(&module)?, within)));
    in_repo.collect()
}
