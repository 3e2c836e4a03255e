//! The last question before a change is made.

use crate::command::{Ask, Question};
use crate::diagnostic::{Diagnostic, Stop};
use crate::io::preflight::Finish;
use crate::plan::Plan;

const CONFIRM: Question<'static> = Question {
    text: "apply these changes?",
    flag: "--yes",
    why: "What is shown above is written and committed, all of it or nothing. `git revert` takes it back.",
};

/// As [`CONFIRM`], where there will be no commit.
const CONFIRM_WRITING: Question<'static> = Question {
    why: "What is shown above is written, all of it or nothing. The commit is left to you.",
    ..CONFIRM
};

/// Where keys came over the network, a yes says that somebody has compared them.
const CONFIRM_KEYS: Question<'static> = Question {
    text: "have you compared the fingerprints, and apply these changes?",
    flag: "--yes",
    why: "Whoever has these keys is let in, or trusted, from the next switch on. They came over the network, and nobody has compared them yet.",
};

/// Asks whether the change is to be made. Enter is a yes, unless keys came over the network.
///
/// # Errors
/// When nobody can be asked, or the person breaks off.
pub(super) fn ask_for(plan: &Plan, finish: Finish, ask: &mut dyn Ask) -> Result<bool, Stop> {
    match finish {
        _ if plan.is_unconfirmed() => ask.confirm(CONFIRM_KEYS, false),
        Finish::Commit => ask.confirm(CONFIRM, true),
        Finish::NoCommit => ask.confirm(CONFIRM_WRITING, true),
    }
}

/// The refusal where nobody can be asked.
pub(super) fn missing() -> Stop {
    Diagnostic::error("answer-missing", "needs confirmation: pass `--yes`").into()
}
