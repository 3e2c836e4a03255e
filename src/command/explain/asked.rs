//! A store that a host asks, with what it needs.

use serde::Serialize;

use crate::fleet::HostName;

/// One store that is asked.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Asked {
    /// The cache of the fleet, if it is one.
    pub(super) cache: Option<HostName>,
    pub(super) url: String,
    /// Lower is asked first. `None`: the store says it itself when it is asked.
    pub(super) priority: Option<u32>,
    /// What is needed, and which line says it.
    pub(super) by: Vec<Fact>,
    /// What happens then.
    pub(super) when_off: String,
}

/// One thing that is needed.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Fact {
    pub(super) what: &'static str,
    pub(super) value: String,
    /// `larder.toml:12`; `None`: no line says it, it is so by default.
    pub(super) place: Option<String>,
}

impl Fact {
    /// A fact that no line says.
    pub(super) fn of(what: &'static str, value: String) -> Self {
        Self {
            what,
            value,
            place: None,
        }
    }

    /// The same, as a line says it.
    pub(super) fn at(self, place: Option<String>) -> Self {
        Self { place, ..self }
    }
}
