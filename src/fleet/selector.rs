//! Some hosts of the fleet, as `clients` and `except` name them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Host, HostName, NameError, Tag};

/// Some hosts of the fleet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Selector {
    /// `@all`: every host.
    All,
    /// `@tag`: every host with that tag.
    Tag(Tag),
    /// One host.
    Host(HostName),
}

impl Selector {
    /// True if the host is one of those meant.
    pub fn matches(&self, host: &Host) -> bool {
        match self {
            Self::All => true,
            Self::Tag(tag) => host.tags.contains(tag),
            Self::Host(name) => *name == host.name,
        }
    }
}

impl FromStr for Selector {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        match text.strip_prefix('@') {
            Some("all") => Ok(Self::All),
            Some(tag) => tag.parse().map(Self::Tag),
            None => text.parse().map(Self::Host),
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("@all"),
            Self::Tag(tag) => write!(f, "@{tag}"),
            Self::Host(name) => write!(f, "{name}"),
        }
    }
}
