//! Where new private keys may lie, and the ignore rule that keeps them out of
//! git.

use std::fmt;
use std::path::PathBuf;

use super::plan_builder::PlanBuilder;
use crate::diagnostic::Stop;
use crate::plan::{PlacedSecret, SecretKey, SecretPath};
use crate::repo::{Repo, RepoPath};

/// The place that a user named for a new private key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyPlace {
    /// Outside of the work tree, absolute.
    Outside(PathBuf),
    /// Inside the work tree.
    Inside {
        /// Where.
        path: RepoPath,
        /// Git ignores it already.
        ignored: bool,
    },
}

impl fmt::Display for KeyPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Outside(path) => path.display().fmt(f),
            Self::Inside { path, .. } => path.fmt(f),
        }
    }
}

impl KeyPlace {
    /// The path as a user in the flake's folder types it.
    pub(super) fn shown(&self, repo: &Repo) -> String {
        match self {
            Self::Outside(path) => path.display().to_string(),
            Self::Inside { path, .. } => repo.shown(path),
        }
    }
}

/// A new private key at its place.
pub(super) struct NewSecret {
    pub(super) place: KeyPlace,
    pub(super) key: SecretKey,
}

impl NewSecret {
    /// What the plan holds of it.
    pub(super) fn into_plan(self) -> PlacedSecret {
        let path = match self.place {
            KeyPlace::Outside(path) => SecretPath::Outside(path),
            KeyPlace::Inside { path, .. } => SecretPath::Ignored(path),
        };
        PlacedSecret {
            path,
            key: self.key,
        }
    }
}

/// Adds the `.gitignore` lines that the new keys need.
pub(super) fn ignore(builder: &mut PlanBuilder, secrets: &[NewSecret]) -> Result<(), Stop> {
    for placed in secrets {
        if let KeyPlace::Inside {
            path,
            ignored: false,
        } = &placed.place
        {
            ignore_path(builder, path)?;
        }
    }
    Ok(())
}

fn ignore_path(builder: &mut PlanBuilder, path: &RepoPath) -> Result<(), Stop> {
    let file = RepoPath::new(".gitignore").expect("a bare file name stays inside the work tree");
    let line = format!("/{}", escape(path.as_str()));
    let mut text = if builder.repo().exists(&file) {
        builder.source(&file)?.text.to_string()
    } else {
        String::new()
    };
    if text.lines().any(|known| known == line) {
        return Ok(());
    }
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str(line_end);
    }
    text.push_str(&line);
    text.push_str(line_end);
    builder.write(&file, text);
    Ok(())
}

/// Quotes what `gitignore(5)` reads as a pattern.
fn escape(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        if matches!(c, '*' | '?' | '[' | '\\' | ' ') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_means_only_itself() {
        assert_eq!(escape("keys/a b[1]*"), r"keys/a\ b\[1]\*");
    }
}
