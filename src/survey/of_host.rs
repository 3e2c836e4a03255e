//! The machine that a host of the inventory is.

use crate::fleet::Host;
use crate::nix::AttrPath;
use crate::repo::RepoPath;
use crate::survey::files::Survey;
use crate::survey::machine::Machine;

impl Survey<'_> {
    /// The host's own module, wherever in its file it is, and what that imports;
    /// `None` if the host has none.
    pub fn machine_of(&self, host: &Host) -> Option<Machine> {
        let module = self.repo().path(host.module.as_deref()?)?;
        Some(self.machine_at(host, &module))
    }

    /// As [`Survey::machine_of`], from this module.
    pub fn machine_at(&self, host: &Host, module: &RepoPath) -> Machine {
        let within = host.within.as_ref().map(AttrPath::names);
        self.machine(module, within.unwrap_or_default())
    }
}
