//! A verb where there is no inventory yet: after what `init` does, in the same dialogue, the
//! same difference and the same commit.

use super::init::{self, Init};
use super::{Ask, AskNix, Verb};
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::INVENTORY;
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
        let then = self.verb.complete(&after, ask);
        Ok((first, then.map_err(of_no_file_yet)?))
    }

    fn plan(project: &Project, request: &Self::Request) -> Result<Plan, Stop> {
        let first = Init::plan(project, &request.0)?;
        let after = project.with(first.file_states());
        let then = V::plan(&after, &request.1).map_err(of_no_file_yet)?;
        Ok(then.after(first))
    }
}

/// What points into the inventory points at what `init` would write, and what helps may need it.
fn of_no_file_yet(stop: Stop) -> Stop {
    let Stop::Refused(mut errors) = stop else {
        return stop;
    };
    let points_there = |error: &&mut Diagnostic| {
        let mut labels = error.labels.iter();
        labels.any(|label| label.source.path == INVENTORY)
    };
    if let Some(error) = errors.iter_mut().find(points_there) {
        let first = format!("`{INVENTORY}` is not there yet: run `larder init` first");
        error.help.insert(0, first);
    }
    Stop::Refused(errors)
}
