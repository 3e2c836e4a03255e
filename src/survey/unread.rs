//! The parts of a machine that were not read, each by its name.

use std::fmt;

use crate::repo::RepoPath;
use crate::survey::hit::Spot;

/// A module of a machine that was not read, or that may say more than is read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    reason: UnreadReason,
    /// What is known of it beside its name, in words: `does not parse`.
    pub why: Option<String>,
    /// Where a file imports it; `None`: the flake lists it.
    pub spot: Option<Spot>,
    /// `None`: it is called what is written in its place.
    name: Option<String>,
    path: Option<RepoPath>,
    input: Option<String>,
}

/// The input that has NixOS.
pub(super) const NIXPKGS: &str = "nixpkgs";

/// Why a module was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnreadReason {
    /// Which module it is, or a part of what it says, is computed.
    Computed,
    /// It is a module of an input, and no file of the repository.
    OfInput,
    /// It is a file that cannot be read.
    File,
}

impl Unread {
    /// A module that the flake lists.
    pub(super) fn listed(reason: UnreadReason, name: &str, why: Option<String>) -> Self {
        Self {
            reason,
            why,
            spot: None,
            name: Some(name.to_owned()),
            path: None,
            input: None,
        }
    }

    /// A module of an input that the flake lists, by the name that it has there.
    pub(super) fn listed_of_input(name: &str) -> Self {
        let within = name.strip_prefix("inputs.").unwrap_or(name);
        let input = within.split(['.', '/', ':']).next();
        let input = input.map(|name| if name == "pkgs" { NIXPKGS } else { name });
        Self {
            input: input.map(str::to_owned),
            ..Self::listed(UnreadReason::OfInput, name, None)
        }
    }

    /// A module of this input, which a file imports here.
    pub(super) fn of_input(input: &str, spot: Spot) -> Self {
        Self {
            input: Some(input.to_owned()),
            ..Self::imported(UnreadReason::OfInput, spot)
        }
    }

    /// A file that says more than is read, or cannot be read.
    pub(super) fn file(reason: UnreadReason, path: &RepoPath, name: &str, why: &str) -> Self {
        Self {
            path: Some(path.clone()),
            ..Self::listed(reason, name, Some(why.to_owned()))
        }
    }

    /// What a file imports here.
    pub(super) fn imported(reason: UnreadReason, spot: Spot) -> Self {
        Self {
            reason,
            why: None,
            path: Some(spot.file.path().clone()),
            spot: Some(spot),
            name: None,
            input: None,
        }
    }

    /// Its name, or what is written in its place.
    pub fn name(&self) -> &str {
        let written = self.spot.as_ref().map(Spot::written);
        self.name.as_deref().or(written).unwrap_or("a module")
    }

    /// The file that it is, or that imports it.
    pub fn path(&self) -> Option<&RepoPath> {
        self.path.as_ref()
    }

    /// The input that it is a module of; `None` for one of the repository, and where the
    /// input is not known.
    pub fn input(&self) -> Option<&str> {
        self.input.as_deref()
    }

    /// True if it is one of the modules that nixpkgs has.
    pub fn is_of_nixpkgs(&self) -> bool {
        self.input() == Some(NIXPKGS)
    }

    /// True if files of the repository may be part of it.
    pub fn may_have_files(&self) -> bool {
        self.reason != UnreadReason::OfInput
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.why, &self.spot) {
            (Some(why), _) if self.path.is_some() => write!(f, "`{}` {why}", self.name()),
            (Some(why), _) => write!(f, "{}: {why}", self.name()),
            (None, Some(spot)) => write!(f, "`{}` in `{}`", self.name(), spot.file.shown()),
            (None, None) => write!(f, "`{}`", self.name()),
        }
    }
}
