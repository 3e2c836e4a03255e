//! What a finding is about: its identity, which stays when lines move.

use std::fmt;

use crate::fleet::{Allowance, Cache, ExternalCache, Host, HostName, Link};

/// A target, and which of its parts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Subject {
    target: Target,
    /// One of several things about the target: a setting, a path, a key.
    part: Option<String>,
}

/// What can be judged.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// A host of the inventory.
    Host(HostName),
    /// A host of the flake that the inventory does not have.
    FlakeHost(String),
    /// A cache, by its host, or by its name where no host has it.
    Cache(HostName),
    /// A client's link to a cache.
    Link {
        /// The host that reads.
        client: HostName,
        /// The host that serves.
        cache: HostName,
    },
    /// A file or an owned module, by its path from the flake's folder.
    File(String),
    /// Two hosts that have the same.
    Hosts(HostName, HostName),
    /// Two caches that have the same, by their hosts.
    Caches(HostName, HostName),
    /// An allowance: the rule that it names, and where it holds.
    Allowance(String, Option<String>),
}

impl Subject {
    /// A host.
    pub(super) fn host(host: &Host) -> Self {
        Target::host(host).into()
    }

    /// A host that only the flake has.
    pub(super) fn flake_host(name: &str) -> Self {
        Target::FlakeHost(name.to_owned()).into()
    }

    /// A cache.
    pub(super) fn cache(cache: &Cache) -> Self {
        Target::cache(cache).into()
    }

    /// A link.
    pub(super) fn link(link: &Link<'_>) -> Self {
        Target::link(link).into()
    }

    /// A cache that exists elsewhere.
    pub(super) fn external_cache(cache: &ExternalCache) -> Self {
        Target::Cache(cache.name.clone()).into()
    }

    /// A link to one.
    pub(super) fn external_link(client: &Host, cache: &ExternalCache) -> Self {
        Target::external_link(client, cache).into()
    }

    /// A file, by its path from the flake's folder.
    pub(super) fn file(path: &str) -> Self {
        Target::File(path.to_owned()).into()
    }

    /// Two hosts.
    pub(super) fn hosts(first: &Host, second: &Host) -> Self {
        Target::Hosts(first.name.clone(), second.name.clone()).into()
    }

    /// Two caches.
    pub(super) fn caches(first: &Cache, second: &Cache) -> Self {
        Target::Caches(first.host.clone(), second.host.clone()).into()
    }

    /// An allowance.
    pub(super) fn allowance(allowance: &Allowance) -> Self {
        Target::Allowance(allowance.rule.clone(), allowance.at.clone()).into()
    }

    /// The same target, and one of its parts.
    pub(super) fn part(self, part: impl Into<String>) -> Self {
        Self {
            part: Some(part.into()),
            ..self
        }
    }

    /// What it is a part of.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// True if it is about this host or cache, this file, or a file in this folder.
    pub(super) fn is_at(&self, place: &str) -> bool {
        let is = |name: &HostName| name.as_str() == place;
        match &self.target {
            Target::Host(name) | Target::Cache(name) => is(name),
            Target::FlakeHost(name) => name == place,
            Target::Link {
                client: one,
                cache: other,
            }
            | Target::Hosts(one, other)
            | Target::Caches(one, other) => is(one) || is(other),
            Target::File(path) => is_within(path, place),
            Target::Allowance(..) => false,
        }
    }
}

impl Target {
    /// A host.
    pub(super) fn host(host: &Host) -> Self {
        Self::Host(host.name.clone())
    }

    /// A cache.
    pub(super) fn cache(cache: &Cache) -> Self {
        Self::Cache(cache.host.clone())
    }

    /// A link.
    pub(super) fn link(link: &Link<'_>) -> Self {
        Self::Link {
            client: link.client.name.clone(),
            cache: link.cache.host.clone(),
        }
    }

    /// A link to a cache that exists elsewhere.
    pub(super) fn external_link(client: &Host, cache: &ExternalCache) -> Self {
        Self::Link {
            client: client.name.clone(),
            cache: cache.name.clone(),
        }
    }
}

impl From<Target> for Subject {
    fn from(target: Target) -> Self {
        Self { target, part: None }
    }
}

/// As the reports of machines name it; nothing reads it back.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.target.fmt(f)?;
        match &self.part {
            Some(part) => write!(f, " {part}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host(name) | Self::Cache(name) => name.fmt(f),
            Self::FlakeHost(name) | Self::File(name) => name.fmt(f),
            Self::Link { client, cache } => write!(f, "{client}>{cache}"),
            Self::Hosts(one, other) | Self::Caches(one, other) => write!(f, "{one} {other}"),
            Self::Allowance(rule, Some(at)) => write!(f, "{rule} {at}"),
            Self::Allowance(rule, None) => rule.fmt(f),
        }
    }
}

/// True if a path is this file, or in this folder.
pub(super) fn is_within(path: &str, folder: &str) -> bool {
    let rest = path.strip_prefix(folder.trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
