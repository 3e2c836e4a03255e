//! A rule that does not exist.

use crate::diagnostic::Diagnostic;

/// A name that no rule has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRule {
    /// As somebody has written it.
    pub(super) name: String,
    /// The rule that was probably meant.
    pub(super) nearest: Option<&'static str>,
}

impl UnknownRule {
    /// What is wrong.
    pub(super) fn message(&self) -> String {
        format!("there is no rule `{}`", self.name.escape_debug())
    }

    /// What now.
    pub(super) fn help(&self) -> String {
        match self.nearest {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`larder lint --list` shows all".to_owned(),
        }
    }
}

impl From<UnknownRule> for Diagnostic {
    fn from(unknown: UnknownRule) -> Self {
        Self::error("unknown-rule", unknown.message()).help(unknown.help())
    }
}
