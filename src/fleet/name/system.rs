//! Platforms.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::NameError;

/// The platform of a host, as in `x86_64-linux`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct System(&'static str);

impl System {
    /// Those that `NixOS` is built for or that people run it on, commonest first
    /// (the Linux ones of nixpkgs' `lib.systems.flakeExposed`, and those that
    /// nixpkgs can only cross-compile for).
    pub const ALL: [Self; 9] = [
        Self("x86_64-linux"),
        Self("aarch64-linux"),
        Self("i686-linux"),
        Self("armv7l-linux"),
        Self("armv6l-linux"),
        Self("riscv64-linux"),
        Self("powerpc64le-linux"),
        Self("loongarch64-linux"),
        Self("s390x-linux"),
    ];

    /// The platform as text.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl FromStr for System {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::ALL
            .into_iter()
            .find(|system| system.0 == text)
            .ok_or(NameError::UnknownSystem)
    }
}

impl Serialize for System {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}

impl<'de> Deserialize<'de> for System {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = <&str>::deserialize(from)?;
        name.parse().map_err(serde::de::Error::custom)
    }
}

impl TryFrom<&str> for System {
    type Error = NameError;

    fn try_from(text: &str) -> Result<Self, NameError> {
        text.parse()
    }
}

impl fmt::Display for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}
