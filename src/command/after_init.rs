//! A verb where there is no inventory yet: after what `init` does, in the same dialogue, the
//! same difference and the same commit.

use super::init::{self, Init};
use super::{Ask, AskNix, Verb};
use crate::diagnostic::Stop;
use crate::plan::Plan;
use crate::project::Project;

/// `init` and then another verb, as one change. Its project is one
/// [without an inventory](Project::without_inventory).
pub struct AfterInit<V> {
    init: Init,
    verb: V,
}

impl<V> AfterInit<V> {
    /// With nothing said of `init` but how Nix may be asked.
    pub fn new(verb: V, nix: AskNix) -> Self {
        let init = Init::first(nix);
        Self { init, verb }
    }
}

impl<V: Verb> Verb for AfterInit<V> {
    type Request = (init::Request, V::Request);

    const NAME: &'static str = V::NAME;

    fn complete(self, project: &Project, ask: &mut dyn Ask) -> Result<Self::Request, Stop> {
        let first = self.init.complete(project, ask)?;
        let after = project.with(Init::plan(project, &first)?.file_states());
        let then = self.verb.complete(&after, ask)?;
        Ok((first, then))
    }

    fn plan(project: &Project, request: &Self::Request) -> Result<Plan, Stop> {
        let first = Init::plan(project, &request.0)?;
        let after = project.with(first.file_states());
        Ok(V::plan(&after, &request.1)?.after(first))
    }
}
