//! One link to a cache that exists elsewhere, and what the client's settings come to.

use std::ops::Deref;

use crate::lint::context::ExternalLinkContext;
use crate::lint::evaluated::nix_conf::List;
use crate::lint::evaluated::settings::Settings;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

/// A link whose client's settings are known.
pub(in crate::lint) struct EvaluatedExternalLink<'a> {
    link: &'a ExternalLinkContext<'a>,
    /// The client's settings.
    pub(in crate::lint) settings: &'a Settings,
}

impl<'a> EvaluatedExternalLink<'a> {
    pub(in crate::lint) fn new(link: &'a ExternalLinkContext<'a>, settings: &'a Settings) -> Self {
        Self { link, settings }
    }

    /// A violation about a part of the link, which points at the client in the inventory.
    pub(in crate::lint) fn violation_of(
        &self,
        subject: Subject,
        message: impl Into<String>,
    ) -> Violation {
        Violation::new(subject, message).at_host(self.context.fleet, self.client)
    }

    /// True if the cache is among the substituters.
    pub(in crate::lint) fn is_asked(&self) -> bool {
        let words = self.settings.words(List::Substituters);
        words.iter().any(|url| self.is_its(url))
    }

    /// True if the client takes the cache's signatures, or takes what is not signed at all.
    pub(in crate::lint) fn trusts_signatures(&self) -> bool {
        self.settings.trusts(&self.cache.signing_keys)
    }
}

impl<'a> Deref for EvaluatedExternalLink<'a> {
    type Target = ExternalLinkContext<'a>;

    fn deref(&self) -> &ExternalLinkContext<'a> {
        self.link
    }
}
