//! What a rule is.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::{
    AllowanceContext, Context, HostContext, LinkContext, NixContext, TextContext,
};
use crate::lint::eval::{Answered, Way};

/// One rule: its manual page and its check.
#[derive(Debug)]
pub struct Rule {
    /// Its name in kebab case; says what is wrong, and never changes.
    pub name: &'static str,
    /// What its findings are at worst.
    pub severity: Severity,
    /// The source of its file, whose `//!` header is the manual page.
    pub(super) text: &'static str,
    pub(super) check: Check,
}

/// What a rule looks at, and so: after which changes it must run again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// One file's content.
    File,
    /// One host: its entry in the inventory and its own files.
    Host,
    /// The whole fleet.
    Fleet,
    /// What the repository's own Nix says: with `--eval` only.
    Nix,
}

/// The question that a rule asks.
#[derive(Debug)]
pub(super) enum Check {
    /// Of every tracked text.
    Text(fn(&TextContext<'_>) -> Vec<Diagnostic>),
    /// Of every tracked `.nix` file.
    Nix(fn(&NixContext<'_>) -> Vec<Diagnostic>),
    /// Of every host of the inventory.
    Host(fn(&HostContext<'_>) -> Vec<Diagnostic>),
    /// Of every pair of a cache and one of its clients.
    Link(fn(&LinkContext<'_>) -> Vec<Diagnostic>),
    /// Of the fleet.
    Fleet(fn(&Context<'_>) -> Vec<Diagnostic>),
    /// Of every allowance, after all other rules.
    Allowance(fn(&AllowanceContext<'_>) -> Vec<Diagnostic>),
    /// Of every host that Nix was asked about.
    Answer(fn(&Answered<'_>) -> Vec<Diagnostic>),
    /// Of every wired pair of a cache and a client whose settings Nix has told.
    Way(fn(&Way<'_>) -> Vec<Diagnostic>),
}

impl Rule {
    /// What it looks at.
    pub fn reads(&self) -> Reads {
        match self.check {
            Check::Text(_) | Check::Nix(_) => Reads::File,
            Check::Host(_) => Reads::Host,
            Check::Link(_) | Check::Fleet(_) | Check::Allowance(_) => Reads::Fleet,
            Check::Answer(_) | Check::Way(_) => Reads::Nix,
        }
    }

    /// True if it also judges repositories without an inventory.
    pub fn needs_no_inventory(&self) -> bool {
        self.reads() == Reads::File
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
