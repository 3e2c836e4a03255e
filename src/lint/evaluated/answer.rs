//! What Nix answered, host by host.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::fleet::HostName;
use crate::lint::evaluated::nix_conf::List;
use crate::lint::evaluated::settings::Settings;

/// The answers by host; a host that is not here was not asked about.
pub type Answers = BTreeMap<HostName, Answer>;

/// The answer about one host.
#[derive(Debug, Clone)]
pub enum Answer {
    /// Its settings, after all modules have been merged.
    Settings(Box<Settings>),
    /// The flake defines no such host.
    Absent,
    /// There is none.
    Failed {
        /// What Nix complains of.
        why: Diagnostic,
        /// Nix can show how it came to its error.
        has_trace: bool,
    },
}

impl Answer {
    /// Reads what `settings.nix` evaluates to.
    ///
    /// # Errors
    /// When it is something else.
    pub fn read(json: serde_json::Value) -> Result<Self, serde_json::Error> {
        let settings: Option<Settings> = serde_json::from_value(json)?;
        Ok(settings.map_or(Self::Absent, |settings| Self::Settings(Box::new(settings))))
    }

    /// What modules other than larder's warn of.
    pub fn foreign_warnings(&self) -> impl Iterator<Item = &str> {
        let settings = self.settings().into_iter();
        settings.flat_map(Settings::foreign_warnings)
    }

    /// The stores that the host asks, as nix.conf lists them; `None`: not known.
    pub fn substituters(&self) -> Option<Vec<String>> {
        Some(self.settings()?.words(List::Substituters))
    }

    /// The signing keys that the host trusts; `None`: not known.
    pub fn trusted_keys(&self) -> Option<Vec<String>> {
        Some(self.settings()?.words(List::TrustedKeys))
    }

    /// Whether the host builds what it cannot fetch; `None`: not known.
    pub fn falls_back(&self) -> Option<bool> {
        Some(self.settings()?.nix.falls_back())
    }

    /// The settings, where they are known.
    pub(in crate::lint) fn settings(&self) -> Option<&Settings> {
        match self {
            Self::Settings(settings) => Some(settings),
            Self::Absent | Self::Failed { .. } => None,
        }
    }
}
