//! One cache, and what the settings of its host come to.

use std::ops::Deref;

use crate::lint::context::CacheContext;
use crate::lint::evaluated::settings::Settings;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

/// A cache whose host's settings are known.
pub(in crate::lint) struct EvaluatedCache<'a> {
    cache: &'a CacheContext<'a>,
    pub(in crate::lint) settings: &'a Settings,
}

impl<'a> EvaluatedCache<'a> {
    pub(in crate::lint) fn new(cache: &'a CacheContext<'a>, settings: &'a Settings) -> Self {
        Self { cache, settings }
    }

    /// What serving needs, each with its option, and whether it is on.
    pub(in crate::lint) fn switches(&self) -> [(&'static str, bool); 3] {
        let settings = self.settings;
        [
            ("nix.enable", settings.nix.enable),
            (
                "nix.sshServe.enable",
                settings.serve.enable || self.ssh_protocol().is_none(),
            ),
            ("services.openssh.enable", settings.sshd.enable),
        ]
    }

    /// True if the host serves.
    pub(in crate::lint) fn serves(&self) -> bool {
        self.switches().iter().all(|(_, is_on)| *is_on)
    }

    /// A violation about the cache, which points at it in the inventory.
    pub(in crate::lint) fn violation(&self, message: impl Into<String>) -> Violation {
        self.violation_of(Subject::cache(self), message)
    }

    /// A violation about a part of it.
    pub(in crate::lint) fn violation_of(
        &self,
        subject: Subject,
        message: impl Into<String>,
    ) -> Violation {
        let violation = Violation::new(subject, message);
        violation.at_cache(self.context.fleet, self)
    }
}

impl<'a> Deref for EvaluatedCache<'a> {
    type Target = CacheContext<'a>;

    fn deref(&self) -> &CacheContext<'a> {
        self.cache
    }
}
