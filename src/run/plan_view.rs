//! How a writing verb shows its plan.

use super::json;
use crate::cli::{Exit, Global};
use crate::diagnostic::Stop;
use crate::io::ask::Terminal;
use crate::io::preflight::Finish;
use crate::io::screen::Screen;
use crate::plan::Plan;

/// Where plans are shown, and in which form.
pub(super) struct PlanView<'a> {
    pub(super) global: &'a Global,
    pub(super) screen: &'a Screen,
    pub(super) finish: Finish,
}

impl PlanView<'_> {
    /// What is asked about is shown with `--quiet` too. Who does not want to be asked
    /// does not want to leave a pager either.
    pub(super) fn difference(&self, plan: &Plan, ask: &Terminal<'_>) -> Result<(), Stop> {
        match self.global.yes {
            _ if self.global.json => Ok(()),
            true if self.global.quiet => Ok(()),
            true => self.screen.diff(plan, self.finish, None),
            false => self.screen.diff(plan, self.finish, ask.pager().as_ref()),
        }
    }

    /// Shows it at one of its stages.
    pub(super) fn at(
        &self,
        plan: &Plan,
        stage: json::Stage,
        ask: &Terminal<'_>,
    ) -> Result<(), Stop> {
        if self.global.json {
            return self.screen.json(stage.word(), &json::Outcome::new(plan));
        }
        if stage == json::Stage::DryRun || !self.global.quiet {
            self.screen.diff(plan, self.finish, ask.pager().as_ref())?;
        }
        self.screen.notes(plan)
    }

    /// Says that there is nothing to do, and what a person should know.
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
