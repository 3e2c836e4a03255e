//! What Nix itself answers about hosts, for a flake that could not be followed.

use crate::repo::RepoPath;
use crate::text::Position;

/// Nix's answer about the flake's hosts.
#[derive(Debug, Clone, Default)]
pub struct NixAnswer {
    /// Every host of `nixosConfigurations`.
    pub names: Vec<String>,
    /// The modules of some of them.
    pub hosts: Vec<EvaluatedHost>,
}

/// The modules of one host.
#[derive(Debug, Clone, Default)]
pub struct EvaluatedHost {
    /// Its name.
    pub name: String,
    /// The modules that the flake lists for it.
    pub modules: Vec<EvaluatedModule>,
    /// The files of the repository that set what only a machine's own
    /// configuration does: its name, its file systems.
    pub defining: Vec<RepoPath>,
    /// Why Nix could not answer; then the lists are empty.
    pub why_not: Option<String>,
}

/// One module of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvaluatedModule {
    /// The file, or the folder of a `default.nix`.
    pub file: RepoPath,
    /// The place in it where the module is made, if the flake has it as a value.
    pub at: Option<Position>,
    /// How many modules are around it.
    pub level: usize,
}

impl NixAnswer {
    /// The host of this name, if it was asked about.
    pub(super) fn host(&self, name: &str) -> Option<&EvaluatedHost> {
        self.hosts.iter().find(|host| host.name == name)
    }
}
