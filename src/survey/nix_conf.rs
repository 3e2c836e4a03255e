//! nix.conf: lines of `nix.extraOptions`, and the old names of settings.

use crate::survey::facts::Strength;
use crate::survey::hit::{Hit, Spot, Word};
use crate::survey::line::line_of;
use crate::survey::value::Value;

/// `NAME = VALUE` in `nix.extraOptions`.
#[derive(Debug, Clone)]
pub struct Line {
    /// The setting.
    pub name: String,
    /// Everything behind the equals sign.
    pub value: String,
    /// Where it stands.
    pub spot: Spot,
}

impl Line {
    /// The value as words.
    pub fn words(&self) -> Vec<Word> {
        let word = |text: &str| Word {
            text: text.to_owned(),
            strength: Strength::Plain,
            spot: self.spot.clone(),
        };
        self.value.split_whitespace().map(word).collect()
    }
}

/// The lines of one text.
pub(super) fn lines(hit: &Hit) -> Vec<Line> {
    let Value::Text(text) = &hit.value else {
        return Vec::new();
    };
    let line = |(number, line): (usize, &str)| {
        let line = line.split('#').next().unwrap_or_default();
        let (name, value) = line.split_once('=')?;
        Some(Line {
            name: name.trim().to_owned(),
            value: value.trim().to_owned(),
            spot: line_of(hit, number),
        })
    };
    text.text.lines().enumerate().filter_map(line).collect()
}

/// The setting of nix.conf that an option of `nix.settings` is.
pub(super) fn setting(option: &str) -> &str {
    option.strip_prefix("nix.settings.").unwrap_or(option)
}

/// The option that a setting had before `nix.settings` (NixOS 21.11 and older;
/// `mkRenamedOptionModule` still takes it).
pub(super) fn old_name(setting: &str) -> Option<&'static str> {
    Some(match setting {
        "substituters" => "nix.binaryCaches",
        "trusted-public-keys" => "nix.binaryCachePublicKeys",
        "trusted-users" => "nix.trustedUsers",
        "allowed-users" => "nix.allowedUsers",
        _ => return None,
    })
}

/// The names that a setting of nix.conf had before, which Nix still takes.
pub(super) fn former_names(setting: &str) -> &'static [&'static str] {
    match setting {
        "substitute" => &["build-use-substitutes"],
        "fallback" => &["build-fallback"],
        _ => &[],
    }
}

/// A boolean, as Nix reads it.
pub(crate) fn flag(text: &str) -> Option<bool> {
    match text {
        "true" | "yes" | "1" => Some(true),
        "false" | "no" | "0" => Some(false),
        _ => None,
    }
}
