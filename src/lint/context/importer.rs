//! The imports of owned modules in people's own modules.

use std::borrow::Cow;

use crate::fleet::HostName;
use crate::lint::context::fleet::Context;
use crate::lint::subject::Subject;
use crate::survey::Machine;

/// A module of people's own, and the owned module that it must import.
pub(in crate::lint) struct Importer<'a> {
    /// The host whose module it is, or the module that imports for all.
    pub(in crate::lint) subject: Subject,
    /// The module, relative to the flake's folder.
    pub(in crate::lint) module: &'a str,
    /// Where the inventory names it.
    pub(in crate::lint) keys: Vec<&'a str>,
    /// The owned module, relative to the flake's folder.
    pub(in crate::lint) owned: &'a str,
    /// The module and what it imports.
    pub(in crate::lint) machine: Cow<'a, Machine>,
}

impl Context<'_> {
    /// The modules that must import an owned one, each once.
    pub(in crate::lint) fn importers(&self) -> impl Iterator<Item = Importer<'_>> {
        let wanted = self.imports();
        let shared = self.fleet.import.as_deref().zip(wanted.first());
        let shared = shared.and_then(|(module, (_, owned))| self.shared_importer(module, owned));
        let own = if self.fleet.import.is_some() {
            &[]
        } else {
            wanted
        };
        let own = own.iter().filter(|(name, _)| self.changes.has_host(name));
        let own = own.filter_map(|(name, owned)| self.own_importer(name, owned));
        shared.into_iter().chain(own)
    }

    fn shared_importer<'s>(&'s self, module: &'s str, owned: &'s str) -> Option<Importer<'s>> {
        Some(Importer {
            subject: Subject::file(module),
            module,
            keys: vec!["import"],
            owned,
            machine: Cow::Owned(
                self.host_survey
                    .survey()
                    .machine(&self.repo.module_path(module)?, &[]),
            ),
        })
    }

    fn own_importer<'s>(&'s self, name: &HostName, owned: &'s str) -> Option<Importer<'s>> {
        let host = self.fleet.hosts.get(name)?;
        Some(Importer {
            subject: Subject::host(host),
            module: host.module.as_deref()?,
            keys: vec!["hosts", host.name.as_str(), "module"],
            owned,
            machine: Cow::Borrowed(self.machine(host)?),
        })
    }
}
