//! What a rule is.

use crate::diagnostic::Severity;
use crate::lint::check::{EvaluatedCheck, Scope, StaticCheck};
use crate::text::manual_in;

/// The identity of a rule. Rules are ordered as in the manual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleId {
    number: usize,
    name: &'static str,
}

/// One rule: its manual page, its severity and its checks.
#[derive(Debug)]
pub struct Rule {
    /// Which rule it is.
    pub id: RuleId,
    /// How severe every finding of it is.
    pub severity: Severity,
    /// The source of its file, whose `//!` header is the manual page.
    text: &'static str,
    static_half: &'static [StaticCheck],
    evaluated_half: &'static [EvaluatedCheck],
}

/// What the file of a rule declares; the name comes from the file's.
#[derive(Debug, Clone, Copy)]
pub(super) struct Definition {
    /// How severe every finding is.
    pub(super) severity: Severity,
    /// What is judged by the inventory and the files alone.
    pub(super) static_half: &'static [StaticCheck],
    /// What is judged by the answers of the repository's own Nix, with `--eval`.
    pub(super) evaluated_half: &'static [EvaluatedCheck],
}

impl RuleId {
    /// The name in kebab case; says what is wrong, never the cure.
    pub fn name(self) -> &'static str {
        self.name
    }
}

impl Rule {
    /// The rule of this name that a file defines; [`Rule::numbered`] gives it its
    /// place among the others.
    pub(super) const fn new(name: &'static str, text: &'static str, it: Definition) -> Self {
        Self {
            id: RuleId { number: 0, name },
            severity: it.severity,
            text,
            static_half: it.static_half,
            evaluated_half: it.evaluated_half,
        }
    }

    /// The rules, each with its place among them.
    pub(super) const fn numbered<const N: usize>(mut rules: [Self; N]) -> [Self; N] {
        let mut number = 0;
        while number < N {
            rules[number].id.number = number;
            number += 1;
        }
        rules
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.id.name
    }

    /// What the static half judges; `None`: there is none.
    pub fn scope(&self) -> Option<Scope> {
        self.static_half.first().map(StaticCheck::scope)
    }

    /// True if `--eval` decides what the files leave open.
    pub fn is_evaluated(&self) -> bool {
        !self.evaluated_half.is_empty()
    }

    /// True if the evaluated half can find something.
    pub fn speaks_evaluated(&self) -> bool {
        let mut checks = self.evaluated_half.iter();
        checks.any(|check| !check.is_superseded())
    }

    /// True if it also judges repositories without an inventory.
    pub fn needs_no_inventory(&self) -> bool {
        self.scope() == Some(Scope::File)
    }

    /// The checks of the static half.
    pub(super) fn static_half(&self) -> &'static [StaticCheck] {
        self.static_half
    }

    /// The checks of the evaluated half.
    pub(super) fn evaluated_half(&self) -> &'static [EvaluatedCheck] {
        self.evaluated_half
    }

    /// One line: what is wrong.
    pub fn summary(&self) -> String {
        let manual = self.manual();
        manual.lines().next().unwrap_or_default().to_owned()
    }

    /// The manual page, in Markdown: summary, *Why is this bad*, *Example*,
    /// *What to do*.
    pub fn manual(&self) -> String {
        manual_in(self.text)
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Rule {}
