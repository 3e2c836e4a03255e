//! `nix.extraOptions` overrides a list that other modules add to.
//!
//! ## Why is this bad
//! The text is at the end of nix.conf, and the last line of a name wins:
//! `substituters = …` there drops every entry of `nix.settings.substituters`, of
//! all modules.
//!
//! ## Example
//! ```nix
//! nix.extraOptions = ''
//!   substituters = https://cache.example.org
//! '';
//! ```
//!
//! ## What to do
//! Write `nix.settings.substituters = [ … ];`, or `extra-substituters = …` in the
//! text.

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::FileContext;
use crate::lint::rule::Definition;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::File(replaced)],
    evaluated_half: &[],
};

const LISTS: &[&str] = &["substituters", "trusted-public-keys"];

fn replaced(file: &FileContext<'_>) -> Vec<Violation> {
    let lines = file.machine.nix_conf().into_iter();
    let replacing = lines.filter(|line| LISTS.contains(&line.name.as_str()));
    replacing
        .map(|line| {
            let name = &line.name;
            let message = format!("this overrides all of `nix.settings.{name}`");
            Violation::new(file.subject().part(name), message)
                .at_spot(&line.spot, "the last line of a name wins")
                .help(format!("write `nix.settings.{name} = [ … ];` instead"))
        })
        .collect()
}
