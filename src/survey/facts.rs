//! What one file says about caches, keys and ssh.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::survey::value::Value;

/// The settings that a file makes and the files that it imports.
///
/// Depends on the file's content alone, so it can be kept by content.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// In order of their places.
    pub settings: Vec<Setting>,
    /// In order of their places.
    pub imports: Vec<Import>,
    /// A part of the module is computed: it may say more than what is listed here.
    pub opaque: bool,
}

/// One option that is given a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// The names around the option: empty in a plain module,
    /// `flake.modules.nixos.thor` in a nested one.
    pub scope: Vec<String>,
    /// The option's names: `nix.settings.substituters`.
    pub option: Vec<String>,
    /// What it is given.
    pub value: Value,
    /// How it competes with other definitions.
    pub strength: Strength,
    /// Where it is among others that it is joined with: lower is first (`mkOrder`).
    pub order: i64,
    /// The bytes of the innermost condition under which it stands.
    pub condition: Option<Range<usize>>,
    /// The bytes of the value.
    pub range: Range<usize>,
}

/// How a definition competes with others of the same option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Strength {
    /// `mkDefault`: gives way to any plain definition.
    Default,
    /// As written.
    Plain,
    /// `mkForce`: every weaker definition is lost.
    Force,
}

/// One item of an `imports` list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// The names around `imports`, as in [`Setting::scope`].
    pub scope: Vec<String>,
    /// What is imported.
    pub target: ImportTarget,
    /// It stands under a condition.
    pub conditional: bool,
    /// The bytes of the item.
    pub range: Range<usize>,
}

/// What an item of an `imports` list is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportTarget {
    /// The file at this relative path, as written.
    File(String),
    /// A module of this input, which may be nixpkgs.
    OfInput(String),
    /// What only an evaluation tells.
    Computed,
}

impl ImportTarget {
    /// The path, if it is one.
    pub fn file(&self) -> Option<&str> {
        match self {
            Self::File(path) => Some(path),
            Self::OfInput(_) | Self::Computed => None,
        }
    }
}

impl Setting {
    /// True if it gives a value to exactly this option, as in
    /// `nix.settings.substituters`.
    pub fn is(&self, option: &str) -> bool {
        self.option.iter().map(String::as_str).eq(option.split('.'))
    }

    fn is_only_home_managers(&self) -> bool {
        let below = self.below("programs.ssh").and_then(|names| names.first());
        below.is_some_and(|name| ONLY_HOMES.contains(&name.as_str()))
    }

    /// True if its text alone does not tell whether it is in force, or what it says.
    pub(super) fn is_uncertain(&self) -> bool {
        self.condition.is_some() || self.value.is_computed()
    }

    /// The names below `prefix`, if it is there or deeper.
    pub fn below(&self, prefix: &str) -> Option<&[String]> {
        let count = prefix.split('.').count();
        let (head, tail) = self.option.split_at_checked(count)?;
        let same = head.iter().map(String::as_str).eq(prefix.split('.'));
        same.then_some(tail)
    }

    /// True if it is an option of the machine itself, and not of a user's home,
    /// another machine in the same file, a container or a variant of it.
    pub fn is_the_machines(&self, within: &[String]) -> bool {
        of_the_machine(&self.scope, within)
    }
}

impl Import {
    /// As [`Setting::is_the_machines`].
    pub fn is_the_machines(&self, within: &[String]) -> bool {
        of_the_machine(&self.scope, within)
    }
}

impl Facts {
    /// Takes out what home-manager does in users' homes: it has options of the
    /// same names, and another ssh reads them.
    #[must_use]
    pub fn without_homes(mut self) -> Self {
        if self.settings.iter().any(Setting::is_only_home_managers) {
            self.settings.retain(|s| s.below("programs.ssh").is_none());
        }
        self.settings
            .retain(|s| !s.scope.iter().any(|name| HOMES.contains(&name.as_str())));
        self
    }
}

/// Names around the settings of a home.
const HOMES: &[&str] = &[
    "home-manager",
    "home",
    "hm",
    "homeModules",
    "homeManager",
    "homeConfigurations",
];

/// Options of `programs.ssh` that NixOS does not have.
const ONLY_HOMES: &[&str] = &[
    "addKeysToAgent",
    "compression",
    "controlMaster",
    "controlPath",
    "controlPersist",
    "enable",
    "enableDefaultConfig",
    "extraOptionOverrides",
    "forwardAgent",
    "hashKnownHosts",
    "includes",
    "matchBlocks",
    "serverAliveCountMax",
    "serverAliveInterval",
    "settings",
    "userKnownHostsFile",
];

fn of_the_machine(scope: &[String], within: &[String]) -> bool {
    let transparent = |name: &String| matches!(name.as_str(), "config" | "imports");
    scope
        .strip_prefix(within)
        .is_some_and(|rest| rest.iter().all(transparent))
}
