//! A new file that makes a host, as a sibling's file makes the sibling.

use crate::diagnostic::Diagnostic;
use crate::flake::discovery::{Discovery, FoundHost};
use crate::flake::entry::arguments;
use crate::flake::entry::clone::{self, Cloned};
use crate::flake::entry::hole::{Hole, MODULE};
use crate::flake::entry::nix_file::read;
use crate::flake::entry::own_file::{self, OwnFile};
use crate::flake::entry::request::{NewEntry, NewFile};
use crate::repo::{Repo, RepoPath};

/// The file of the new host, and what was left out of the sibling's or is missing.
pub(super) struct Frame {
    pub(super) file: NewFile,
    pub(super) cloned: Cloned,
    /// The sibling's.
    pub(super) model: RepoPath,
}

/// `None` if the sibling has no such file of its own.
pub(super) fn like(
    repo: &Repo,
    found: &Discovery,
    new: &NewEntry,
    module: &RepoPath,
    sibling: &FoundHost,
    own: OwnFile,
) -> Result<Option<Frame>, Diagnostic> {
    let Some(model) = own(repo, found, sibling) else {
        return Ok(None);
    };
    let path = own_file::renamed(&model, sibling, &new.name);
    let Some(path) = path.filter(|path| !repo.exists(path)) else {
        return Ok(None);
    };
    let nix = read(repo, &model)?;
    let siblings = own_file::siblings(repo, found, sibling, (&model, &nix), own);
    let within = sibling.within.as_deref();
    let within = within.filter(|_| sibling.module.as_ref() == Some(&model));
    let hole = within.and_then(|within| Hole::at(&siblings.own, within));
    if within.is_some() && hole.is_none() {
        return Ok(None);
    }
    let cloned = clone::file(
        &nix,
        &siblings,
        new,
        module,
        &path,
        hole.unwrap_or_default(),
    )?;
    let text = format!("{}\n", arguments::pruned(&nix, cloned.text.trim_end()));
    let file = NewFile { path, text };
    Ok(Some(Frame {
        file,
        cloned,
        model,
    }))
}

impl NewFile {
    /// The text with the host's module in its place, if it has one.
    pub fn with_module(&self, module: &str) -> String {
        let Some((before, behind)) = self.text.split_once(MODULE) else {
            return self.text.clone();
        };
        let line = before.rsplit('\n').next().unwrap_or_default();
        let indent = &line[..line.len() - line.trim_start().len()];
        let lines: Vec<String> = module
            .trim_end()
            .lines()
            .enumerate()
            .map(|(at, line)| {
                let is_moved = at > 0 && !line.is_empty();
                if is_moved {
                    format!("{indent}{line}")
                } else {
                    line.to_owned()
                }
            })
            .collect();
        format!("{before}{}{behind}", lines.join("\n"))
    }

    /// True if the host's module is in the file.
    pub fn holds_module(&self) -> bool {
        self.text.contains(MODULE)
    }
}
