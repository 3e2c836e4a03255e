//! The answer for one host.

use crate::flake::host_module::module_ref::ModuleRef;
use crate::repo::RepoPath;

/// What was chosen for a host.
pub(in crate::flake) struct Choice {
    /// The host's own module; `None`: it has to be asked.
    pub(in crate::flake) module: Option<ModuleRef>,
    /// How it was found, or why not, in words.
    pub(in crate::flake) how: String,
    /// There is evidence against it: a person has to confirm it.
    pub(in crate::flake) confirm: bool,
    /// Files that may be the module, likeliest first.
    pub(in crate::flake) candidates: Vec<RepoPath>,
}
