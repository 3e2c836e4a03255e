//! What a writing verb shows of its change.

use super::Session;
use crate::cli::Exit;
use crate::diagnostic::Stop;
use crate::io::ask::Terminal;
use crate::plan::Plan;
use crate::run::json;

impl Session<'_> {
    /// What is asked about is shown with `--quiet` too. Who does not want to be asked
    /// does not want to leave a pager either.
    pub(super) fn show_difference(&self, plan: &Plan, ask: &Terminal<'_>) -> Result<(), Stop> {
        match self.global.yes {
            _ if self.global.json => Ok(()),
            true if self.global.quiet => Ok(()),
            true => self.screen.diff(plan, None),
            false => self.screen.diff(plan, ask.pager().as_ref()),
        }
    }

    /// Shows a change that is not made.
    pub(super) fn show(
        &self,
        plan: &Plan,
        stage: json::Stage,
        ask: &Terminal<'_>,
    ) -> Result<(), Stop> {
        if self.global.json {
            return self.screen.json(stage.word(), &json::Outcome::new(plan));
        }
        if stage == json::Stage::DryRun || !self.global.quiet {
            self.screen.diff(plan, ask.pager().as_ref())?;
        }
        self.screen.notes(plan)
    }

    /// Says that there is nothing to do, and what else there is to say.
    pub(super) fn nothing_to_do(&self, plan: &Plan) -> Result<Exit, Stop> {
        if self.global.json {
            let outcome = json::Outcome::new(plan);
            self.screen.json(json::Stage::Nothing.word(), &outcome)?;
        } else {
            self.screen.note("nothing to do")?;
            self.screen.notes(plan)?;
        }
        Ok(Exit::Done)
    }
}
