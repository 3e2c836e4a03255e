//! What a check reports. The rule's name and severity are added when it is run: a
//! rule has one of each.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Source};
use crate::fleet::{Cache, ExternalCache, Fleet, Host};
use crate::lint::subject::Subject;
use crate::survey::Spot;
use crate::text::TextEdit;

/// A rule that is not kept: what about, where, and what helps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// What it is about.
    pub(super) subject: Subject,
    /// Without a code, and with any severity.
    pub(super) diagnostic: Diagnostic,
    /// It is one only if a condition holds, of which that is not known.
    pub(super) is_conditional: bool,
}

/// What the evaluated half of a rule says of its target.
#[derive(Debug)]
pub(super) enum Verdict {
    /// The answers do not tell: what the files show stands.
    Open,
    /// These violations, and no others, whatever the files show.
    Decided(Vec<Violation>),
}

impl Verdict {
    /// The answers tell all, and it is this.
    pub(super) fn decided(violations: impl IntoIterator<Item = Violation>) -> Self {
        Self::Decided(violations.into_iter().collect())
    }
}

impl Violation {
    /// A violation without a place.
    pub(super) fn new(subject: Subject, message: impl Into<String>) -> Self {
        let diagnostic = Diagnostic::error("", message);
        Self {
            subject,
            diagnostic,
            is_conditional: false,
        }
    }

    /// Points at a range of a text.
    pub(super) fn at(self, source: &Source, range: Range<usize>, note: impl Into<String>) -> Self {
        self.with(|it| it.at(source, range, note))
    }

    /// Points at a place that the survey has found, and names the condition that it
    /// depends on.
    pub(super) fn at_spot(self, spot: &Spot, note: impl Into<String>) -> Self {
        let pointing = self.at(spot.source(), spot.bytes(), note);
        match spot.condition() {
            Some(condition) => Self {
                is_conditional: true,
                ..pointing.help(unknown_condition(condition))
            },
            None => pointing,
        }
    }

    /// It is one only if something holds that is not known: `condition` says what.
    pub(super) fn only_if(self, condition: &str) -> Self {
        let violation = self.help(format!(
            "this is so if {condition}, which larder cannot tell"
        ));
        Self {
            is_conditional: true,
            ..violation
        }
    }

    /// Points at a host in the inventory.
    pub(super) fn at_host(self, fleet: &Fleet, host: &Host) -> Self {
        self.at(&fleet.source, host.range.clone(), "")
    }

    /// Points at a cache in the inventory.
    pub(super) fn at_cache(self, fleet: &Fleet, cache: &Cache) -> Self {
        self.at(&fleet.source, cache.range.clone(), "")
    }

    /// Points at what a path of keys leads to in the inventory, or, where the
    /// inventory says nothing there, at `otherwise`.
    pub(super) fn at_key(
        self,
        fleet: &Fleet,
        keys: &[&str],
        otherwise: &Range<usize>,
        note: impl Into<String>,
    ) -> Self {
        let range = fleet.span(keys).unwrap_or_else(|| otherwise.clone());
        self.at(&fleet.source, range, note)
    }

    /// Points at a key of a host in the inventory, else at the host.
    pub(super) fn at_key_of_host(
        self,
        fleet: &Fleet,
        host: &Host,
        key: &str,
        note: impl Into<String>,
    ) -> Self {
        let keys = ["hosts", host.name.as_str(), key];
        self.at_key(fleet, &keys, &host.range, note)
    }

    /// Points at a key of a cache in the inventory, else at the cache.
    pub(super) fn at_key_of_cache(
        self,
        fleet: &Fleet,
        cache: &Cache,
        key: &str,
        note: impl Into<String>,
    ) -> Self {
        let keys = ["caches", cache.host.as_str(), key];
        self.at_key(fleet, &keys, &cache.range, note)
    }

    /// Points at a key of a cache elsewhere in the inventory, else at the cache.
    pub(super) fn at_key_of_external(
        self,
        fleet: &Fleet,
        cache: &ExternalCache,
        key: &str,
        note: impl Into<String>,
    ) -> Self {
        let keys = ["caches", cache.name.as_str(), key];
        self.at_key(fleet, &keys, &cache.range, note)
    }

    /// Names a file of which nothing can be shown.
    pub(super) fn in_file(self, path: &str) -> Self {
        self.with(|it| it.in_file(path))
    }

    /// Adds a help line.
    pub(super) fn help(self, help: impl Into<String>) -> Self {
        self.with(|it| it.help(help))
    }

    /// True if a line of help is there.
    pub(super) fn has_help(&self) -> bool {
        !self.diagnostic.help.is_empty()
    }

    /// Offers a correction of the first place, if there is one that is safe to make
    /// unasked.
    pub(super) fn fixed_by(self, fix: impl Into<Option<TextEdit>>) -> Self {
        match fix.into() {
            Some(fix) => self.with(|it| it.fixed_by(fix)),
            None => self,
        }
    }

    fn with(self, change: impl FnOnce(Diagnostic) -> Diagnostic) -> Self {
        Self {
            diagnostic: change(self.diagnostic),
            ..self
        }
    }
}

fn unknown_condition(condition: &str) -> String {
    let words: Vec<&str> = condition.split_whitespace().collect();
    format!(
        "this is so if `{}` holds, which larder cannot tell",
        words.join(" ")
    )
}
