//! What is asked for, with no question left open.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Stop};
use crate::flake::{self, Discovery, NewEntry};
use crate::fleet::{Host, HostName};
use crate::repo::Repo;

/// `add-host` with no question left open.
#[derive(Debug)]
pub struct Request {
    pub(super) host: Host,
    pub(super) like: Option<HostName>,
    /// Values that each host has for itself, by their names.
    pub(super) values: BTreeMap<String, String>,
}

impl Request {
    /// The entry that is asked for, and the place of the host's module.
    pub(super) fn entry(&self, repo: &Repo, found: &Discovery) -> Result<NewEntry, Stop> {
        let name = self.host.name.to_string();
        let module = match &self.host.module {
            Some(module) => repo.path(module).ok_or_else(|| outside(module))?,
            None => flake::module_path_for(repo, found, &name),
        };
        Ok(NewEntry {
            name,
            system: self.host.system.as_ref().map(ToString::to_string),
            module: repo.shown(&module),
            like: self.like.as_ref().map(ToString::to_string),
            address: self.host.address.as_ref().map(ToString::to_string),
            values: self.values.clone(),
        })
    }
}

fn outside(module: &str) -> Stop {
    Diagnostic::error(
        "module-outside",
        format!("`{module}` is outside of the repository"),
    )
    .about(module)
    .help("name a path below the flake's folder with `--module PATH`")
    .into()
}
