//! The result of a discovery.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::flake::flake_module::FlakeModule;
use crate::fleet::{nearest, some_of};
use crate::repo::RepoPath;

/// The code of the note that some hosts may not have been found.
pub(super) const HOSTS_OPEN: &str = "hosts-open";

/// The hosts that a flake defines.
#[derive(Debug, Clone)]
pub struct Discovery {
    /// The hosts, in order of their names.
    pub hosts: Vec<FoundHost>,
    /// The `flake.nix` that defines them.
    pub flake: RepoPath,
    /// The files that are modules of the flake itself (flake-parts and its kin), and of
    /// no machine.
    pub parts: BTreeSet<RepoPath>,
    /// Hosts that may be missing here, files that do not parse.
    pub notes: Vec<Diagnostic>,
}

impl Discovery {
    /// No host was found, and there may be some: larder does not follow this kind of
    /// flake. A host of the inventory is then not wrong because it is missing here.
    pub(super) fn unfollowed(flake: RepoPath, why: Diagnostic) -> Self {
        Self {
            hosts: Vec::new(),
            flake,
            parts: BTreeSet::new(),
            notes: vec![why],
        }
    }

    /// With the files that the evaluator met as modules of the flake; what a host is made
    /// of as a whole is a module of the host.
    pub(super) fn with_parts(mut self, met: &BTreeSet<RepoPath>) -> Self {
        let listed = self.hosts.iter().flat_map(|host| &host.modules);
        let whole: BTreeSet<&RepoPath> = listed.filter_map(FlakeModule::whole_file).collect();
        let parts = met.iter().filter(|file| !whole.contains(file));
        self.parts = parts.cloned().collect();
        self
    }

    /// False if nothing is known of the flake's hosts.
    pub fn is_followed(&self) -> bool {
        !self.hosts.is_empty()
    }

    /// True if the flake may define hosts that were not found.
    pub fn may_have_more(&self) -> bool {
        self.notes.iter().any(|note| note.code == HOSTS_OPEN)
    }

    /// The host of this name.
    ///
    /// # Errors
    /// When there is none, with the name that was probably meant.
    pub fn require_host(&self, name: &str) -> Result<&FoundHost, Diagnostic> {
        let names = self.hosts.iter().map(|host| host.name.as_str());
        let missing = || {
            let message = format!("the flake has no host `{}`", name.escape_debug());
            let problem = Diagnostic::error("unknown-host", message).about(name);
            match nearest(name, names.clone()) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem.help(format!("its hosts are: {}", some_of(names.clone()))),
            }
        };
        let found = self.hosts.iter().find(|host| host.name == name);
        found.ok_or_else(missing)
    }

    /// Itself, where the flake's own entries are needed.
    ///
    /// # Errors
    /// Why they could not be found.
    pub fn followed(&self) -> Result<&Self, Diagnostic> {
        if self.is_followed() {
            return Ok(self);
        }
        let otherwise = || Diagnostic::error("no-hosts", "the flake has no NixOS host");
        Err(self.notes.first().cloned().unwrap_or_else(otherwise))
    }
}

/// One attribute of `nixosConfigurations`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundHost {
    /// Its name there.
    pub name: String,
    /// The host's own module; `None` when that has to be asked.
    pub module: Option<RepoPath>,
    /// Where in that file the module is, if the file is not itself the module:
    /// an attribute path such as `flake.modules.nixos.thor`.
    pub within: Option<String>,
    /// At that path is a list of modules: an import is one more item of it.
    pub is_list: bool,
    /// The modules that the flake lists for it, and those that inline ones import.
    pub modules: Vec<FlakeModule>,
    /// The platform, such as `x86_64-linux`, where the flake says it.
    pub system: Option<String>,
    /// How the flake makes this host: `literal`, `helper`, `mapped`, or a framework.
    pub shape: &'static str,
    /// How the module was found, in words.
    pub how: String,
    /// There is evidence against the module: a person has to confirm it.
    pub confirm: bool,
    /// Files that may be the module, best first.
    pub candidates: Vec<RepoPath>,
    /// The binding or the list item that makes the host.
    pub entry: Option<FlakeEntry>,
}

/// What makes a host: the line that is cloned for a new one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlakeEntry {
    /// The file; for [`EntryKind::Directory`] the file or folder that is found.
    pub file: RepoPath,
    /// The bytes of the binding or item, of the key or the name in data; empty for a
    /// directory, and where only the file is known.
    pub range: Range<usize>,
    /// What is written there.
    pub kind: EntryKind,
}

/// How a flake gets the name of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum EntryKind {
    /// `name = …;` in a set.
    Binding,
    /// The string `"name"` in a list.
    Name,
    /// A set in a list, such as `{ name = "pai"; system = …; }`.
    Row,
    /// A file or folder: the flake reads its parent.
    Directory,
    /// A key or a text in a TOML or JSON file that the flake reads.
    Data,
}
