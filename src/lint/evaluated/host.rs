//! One host, and what Nix answered about it.

use std::ops::Deref;

use crate::lint::context::HostContext;
use crate::lint::evaluated::answer::Answer;
use crate::lint::evaluated::settings::Settings;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

/// A host that Nix was asked about.
pub(in crate::lint) struct HostAnswer<'a> {
    host: &'a HostContext<'a>,
    pub(in crate::lint) answer: &'a Answer,
}

/// A host whose settings are known.
pub(in crate::lint) struct EvaluatedHost<'a> {
    host: &'a HostContext<'a>,
    pub(in crate::lint) settings: &'a Settings,
}

impl<'a> HostAnswer<'a> {
    pub(in crate::lint) fn new(host: &'a HostContext<'a>, answer: &'a Answer) -> Self {
        Self { host, answer }
    }

    /// The host with its settings, if these are known.
    pub(in crate::lint) fn evaluated(&self) -> Option<EvaluatedHost<'a>> {
        let settings = self.answer.settings()?;
        Some(EvaluatedHost::new(self.host, settings))
    }

    /// True if Nix knows whether there is such a host.
    pub(in crate::lint) fn is_known(&self) -> bool {
        !matches!(self.answer, Answer::Failed { .. })
    }

    /// A violation that points at the host in the inventory.
    pub(in crate::lint) fn violation(&self, message: impl Into<String>) -> Violation {
        at_host(self.host, message)
    }
}

impl<'a> EvaluatedHost<'a> {
    pub(in crate::lint) fn new(host: &'a HostContext<'a>, settings: &'a Settings) -> Self {
        Self { host, settings }
    }

    /// A violation that points at the host in the inventory.
    pub(in crate::lint) fn violation(&self, message: impl Into<String>) -> Violation {
        at_host(self.host, message)
    }
}

fn at_host(host: &HostContext<'_>, message: impl Into<String>) -> Violation {
    let violation = Violation::new(Subject::host(host), message);
    violation.at_host(host.context.fleet, host)
}

impl<'a> Deref for HostAnswer<'a> {
    type Target = HostContext<'a>;

    fn deref(&self) -> &HostContext<'a> {
        self.host
    }
}

impl<'a> Deref for EvaluatedHost<'a> {
    type Target = HostContext<'a>;

    fn deref(&self) -> &HostContext<'a> {
        self.host
    }
}
