//! What a check is asked about, and what it is asked with.

use crate::lint::context::{
    AllowanceContext, CacheContext, Context, ExternalCacheContext, ExternalLinkContext,
    FileContext, HostContext, LinkContext, TextContext,
};
use crate::lint::evaluated::{
    EvaluatedCache, EvaluatedExternalLink, EvaluatedHost, EvaluatedLink, HostAnswer,
};
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};

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
    /// Of every cache that exists elsewhere.
    ExternalCache(fn(&ExternalCacheContext<'_>) -> Vec<Violation>),
    /// Of every link to such a cache.
    ExternalLink(fn(&ExternalLinkContext<'_>) -> Vec<Violation>),
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
    /// The same of every link to a cache that exists elsewhere.
    ExternalLink(fn(&EvaluatedExternalLink<'_>) -> Verdict),
    /// Of every host whose settings are known, after all other checks: what it adds
    /// to the violations about these subjects.
    Remaining(fn(&EvaluatedHost<'_>, &[Subject]) -> Verdict),
    /// Nothing: where the settings of a host are known, another rule says what is so.
    HostSuperseded,
    /// Nothing: where those of a link's client are known, another rule says what is so.
    LinkSuperseded,
}

impl StaticCheck {
    /// What it judges.
    pub(super) fn scope(&self) -> Scope {
        match self {
            Self::Text(_) | Self::File(_) => Scope::File,
            Self::Host(_) => Scope::Host,
            Self::Cache(_) | Self::ExternalCache(_) => Scope::Cache,
            Self::Link(_) | Self::ExternalLink(_) => Scope::Link,
            Self::Fleet(_) => Scope::Fleet,
            Self::OwnedModules(_) => Scope::OwnedModules,
            Self::Tracking(_) => Scope::Tracking,
            Self::Allowance(_) => Scope::Allowance,
        }
    }
}

impl EvaluatedCheck {
    /// True if it finds nothing itself.
    pub(super) fn is_superseded(&self) -> bool {
        matches!(self, Self::HostSuperseded | Self::LinkSuperseded)
    }
}
