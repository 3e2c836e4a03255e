//! What the inventory and the flake were found to say, for `-v`.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Source};
use crate::flake::{Discoveries, Discovery};
use crate::fleet::{Fleet, INVENTORY};
use crate::io::trace;
use crate::project::{Project, Reader};
use crate::repo::Repo;
use crate::survey::Known;

/// The project in this repository, which says with `-v` what is read of it.
pub(super) fn project(repo: Repo, reader: Arc<dyn Reader>) -> Project {
    Project::read_by(repo, Arc::new(Traced(reader)))
}

struct Traced(Arc<dyn Reader>);

impl Reader for Traced {
    fn fleet(&self, inventory: &Source) -> Result<Fleet, Vec<Diagnostic>> {
        let fleet = self.0.fleet(inventory)?;
        trace::say(|| {
            let (hosts, caches) = (fleet.hosts.len(), fleet.caches.len());
            format!("{INVENTORY}: hosts: {hosts}, caches: {caches}")
        });
        Ok(fleet)
    }

    fn discover(&self, repo: &Repo, known: &Discoveries) -> Result<Arc<Discovery>, Diagnostic> {
        let found = trace::phase("discover", || self.0.discover(repo, known))?;
        trace::say(|| format!("the flake: hosts: {}", found.hosts.len()));
        Ok(found)
    }

    fn contents(&self) -> Arc<Known> {
        self.0.contents()
    }
}
