//! What a rule is.

use crate::diagnostic::Severity;
use crate::lint::context::{
    AllowanceContext, CacheContext, Context, FileContext, HostContext, LinkContext, TextContext,
};
use crate::lint::evaluated::{EvaluatedCache, EvaluatedHost, EvaluatedLink, HostAnswer};
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};

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

/// What a rule judges, and so: after which changes it must run again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// One file's content.
    File,
    /// One host: its entry in the inventory and its own files.
    Host,
    /// One cache: its entry in the inventory and its host's files.
    Cache,
    /// One link: its cache, its client, and their files.
    Link,
    /// The whole fleet.
    Fleet,
    /// The owned modules.
    OwnedModules,
    /// Which of the files that the fleet needs git knows.
    Tracking,
    /// The allowances of the inventory.
    Allowance,
}

/// A check of the static half.
#[derive(Debug)]
pub(super) enum StaticCheck {
    /// Of every tracked text.
    Text(fn(&TextContext<'_>) -> Vec<Violation>),
    /// Of every tracked `.nix` file.
    File(fn(&FileContext<'_>) -> Vec<Violation>),
    /// Of every host of the inventory.
    Host(fn(&HostContext<'_>) -> Vec<Violation>),
    /// Of every cache.
    Cache(fn(&CacheContext<'_>) -> Vec<Violation>),
    /// Of every link.
    Link(fn(&LinkContext<'_>) -> Vec<Violation>),
    /// Of the fleet.
    Fleet(fn(&Context<'_>) -> Vec<Violation>),
    /// Of the owned modules, by these and the inventory alone.
    OwnedModules(fn(&Context<'_>) -> Vec<Violation>),
    /// Of what git knows; not run in a folder without git.
    Tracking(fn(&Context<'_>) -> Vec<Violation>),
    /// Of every allowance, after all other checks.
    Allowance(fn(&AllowanceContext<'_>) -> Vec<Violation>),
}

/// A check of the evaluated half.
#[derive(Debug)]
pub(super) enum EvaluatedCheck {
    /// Of every host that Nix was asked about, whatever came of it.
    Answer(fn(&HostAnswer<'_>) -> Verdict),
    /// Of every host whose settings are known.
    Host(fn(&EvaluatedHost<'_>) -> Verdict),
    /// Of every cache whose settings are known.
    Cache(fn(&EvaluatedCache<'_>) -> Verdict),
    /// The same, where it serves at all; else one finding says that it does not.
    ServingCache(fn(&EvaluatedCache<'_>) -> Verdict),
    /// Of every link that is wired, where the client's settings are known and Nix
    /// uses them.
    Link(fn(&EvaluatedLink<'_>) -> Verdict),
    /// Of every host whose settings are known, after all other checks: what it adds
    /// to the violations about these subjects.
    Remaining(fn(&EvaluatedHost<'_>, &[Subject]) -> Verdict),
    /// Nothing: where the settings of a host are known, another rule says what is so.
    HostSuperseded,
    /// Nothing: where those of a link's client are known, another rule says what is so.
    LinkSuperseded,
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
        checks.any(|check| {
            !matches!(
                check,
                EvaluatedCheck::HostSuperseded | EvaluatedCheck::LinkSuperseded
            )
        })
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
        let header = self.text.lines().map_while(|line| line.strip_prefix("//!"));
        let lines: Vec<&str> = header
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect();
        lines.join("\n")
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Rule {}

impl StaticCheck {
    fn scope(&self) -> Scope {
        match self {
            Self::Text(_) | Self::File(_) => Scope::File,
            Self::Host(_) => Scope::Host,
            Self::Cache(_) => Scope::Cache,
            Self::Link(_) => Scope::Link,
            Self::Fleet(_) => Scope::Fleet,
            Self::OwnedModules(_) => Scope::OwnedModules,
            Self::Tracking(_) => Scope::Tracking,
            Self::Allowance(_) => Scope::Allowance,
        }
    }
}
