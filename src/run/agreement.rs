//! The last question before a change is made.

use crate::command::{Ask, Question};
use crate::diagnostic::{Diagnostic, Stop};
use crate::plan::Plan;

const CONFIRM: Question<'static> = Question {
    text: "apply these changes?",
    flag: "--yes",
};

/// Where keys came over the network, a yes says that somebody has compared them.
const CONFIRM_KEYS: Question<'static> = Question {
    text: "have you compared the fingerprints, and apply these changes?",
    flag: "--yes",
};

/// Asks whether the change is to be made. Enter is a yes, unless keys came over the network.
///
/// # Errors
/// When nobody can be asked, or the person breaks off.
pub(super) fn ask_for(plan: &Plan, ask: &mut dyn Ask) -> Result<bool, Stop> {
    if plan.is_unconfirmed() {
        return ask.confirm(CONFIRM_KEYS, false);
    }
    ask.confirm(CONFIRM, true)
}

/// The refusal where nobody can be asked.
pub(super) fn missing() -> Stop {
    Diagnostic::error("answer-missing", "needs confirmation: pass `--yes`").into()
}
