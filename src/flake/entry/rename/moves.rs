//! Which files move, and to where.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::flake::discovery::{EntryKind, FoundHost};
use crate::flake::entry::rename::request::RenameRequest;
use crate::repo::{Repo, RepoPath};
use crate::text::rename_word;

/// Which paths become which.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moves {
    /// The host's own: each part of the old path becomes that of the new one, for it and
    /// for all that shares the parts before.
    own: Vec<(RepoPath, RepoPath)>,
    /// Files that somebody else moves.
    elsewhere: BTreeMap<RepoPath, RepoPath>,
}

impl Moves {
    /// The file of the host's module, and the folders above it, where they bear its name.
    ///
    /// # Errors
    /// When something is in the way, or would not come along.
    pub(super) fn of(
        repo: &Repo,
        host: &FoundHost,
        request: &RenameRequest,
    ) -> Result<Self, Diagnostic> {
        let entry = host.entry.as_ref();
        let entry = entry.filter(|entry| entry.kind == EntryKind::Directory);
        let entry = entry.map(|entry| &entry.file);
        let module = request.module.as_ref().or(host.module.as_ref());
        let paths = entry.into_iter().chain(module).chain(&host.module);
        let renamed = paths.filter_map(|path| {
            let new = renamed(repo, path, request)?;
            (new != *path).then(|| (path.clone(), new))
        });
        let moves = Self {
            own: renamed.collect(),
            ..Self::without_module(request)
        };
        moves.check(repo)?;
        Ok(moves)
    }

    /// None of the host's own.
    pub(super) fn without_module(request: &RenameRequest) -> Self {
        Self {
            own: Vec::new(),
            elsewhere: request.moved_elsewhere.iter().cloned().collect(),
        }
    }

    /// Where a file or folder is afterwards.
    #[must_use]
    pub fn moved(&self, path: &RepoPath) -> RepoPath {
        if let Some(new) = self.elsewhere.get(path) {
            return new.clone();
        }
        let mut parts: Vec<&str> = path.as_str().split('/').collect();
        for (old, new) in &self.own {
            let old: Vec<&str> = old.as_str().split('/').collect();
            let here = path.as_str().split('/');
            let shared = here.zip(&old).take_while(|(here, old)| here == *old);
            let shared = shared.count();
            let renamed = new.as_str().split('/').take(shared).enumerate();
            for (at, part) in renamed {
                // A path that is renamed by two of them is renamed alike.
                if part != old[at] {
                    parts[at] = part;
                }
            }
        }
        RepoPath::new(&parts.join("/")).unwrap_or_else(|| path.clone())
    }

    /// The tracked files that move, with where they go; not those of somebody else.
    #[must_use]
    pub fn files(&self, repo: &Repo) -> Vec<(RepoPath, RepoPath)> {
        let mut files = BTreeMap::new();
        for (old, new) in &self.own {
            let top = first_difference(old, new);
            let itself = std::iter::once(&top);
            for path in repo.tracked_under(&top).chain(itself) {
                let is_file = repo.tracking(path) == crate::repo::Tracking::Tracked;
                let moved = self.moved(path);
                if is_file && moved != *path {
                    files.insert(path.clone(), moved);
                }
            }
        }
        files.into_iter().collect()
    }

    fn check(&self, repo: &Repo) -> Result<(), Diagnostic> {
        for (old, new) in self.files(repo) {
            let (shown, target) = (repo.shown(&old), repo.shown(&new));
            let refuse = |why| Err(Diagnostic::error("module-not-movable", why));
            if repo.path_exists(&new) {
                return refuse(format!("`{target}` exists already"));
            }
            if let Err(why) = repo.text(&old) {
                return refuse(format!("`{shown}` {why}, so larder cannot move it along"));
            }
        }
        Ok(())
    }
}

/// The part of a path down to the first that is renamed.
fn first_difference(old: &RepoPath, new: &RepoPath) -> RepoPath {
    let (old, new) = (old.as_str().split('/'), new.as_str().split('/'));
    let pairs: Vec<_> = old.zip(new).collect();
    let until = pairs.iter().position(|(old, new)| old != new);
    let parts = pairs.iter().take(until.map_or(0, |at| at + 1));
    let parts: Vec<&str> = parts.map(|(old, _)| *old).collect();
    RepoPath::new(&parts.join("/")).unwrap_or_default()
}

/// A path with the new name: a folder that is called like the host, and a file whose name
/// has the host's in it.
fn renamed(repo: &Repo, path: &RepoPath, request: &RenameRequest) -> Option<RepoPath> {
    let (old, new) = (&request.old, &request.new);
    let inside = match repo.dir().as_str() {
        "" => path.as_str(),
        dir => path.as_str().strip_prefix(dir)?.strip_prefix('/')?,
    };
    let (folders, file) = inside.rsplit_once('/').unwrap_or(("", inside));
    let folders = folders.split('/').filter(|part| !part.is_empty());
    let folders = folders.map(|part| if part == old { new.as_str() } else { part });
    let file = rename_word(file, old, new);
    let parts: Vec<&str> = folders.chain([file.as_str()]).collect();
    repo.path(&parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moves(module: &str) -> Moves {
        let repo = Repo::from_pairs([(module, "{ }"), ("hosts/pai/disk.nix", "{ }")]);
        let request = RenameRequest {
            old: "pai".to_owned(),
            new: "bagan".to_owned(),
            module: RepoPath::new(module),
            moved_elsewhere: Vec::new(),
            generated: None,
        };
        let new = renamed(&repo, &RepoPath::new(module).unwrap(), &request).unwrap();
        Moves {
            own: vec![(RepoPath::new(module).unwrap(), new)],
            elsewhere: BTreeMap::new(),
        }
    }

    #[track_caller]
    fn check(module: &str, path: &str, expected: &str) {
        let moved = moves(module).moved(&RepoPath::new(path).unwrap());
        assert_eq!(moved.as_str(), expected, "{path}, with {module}");
    }

    #[test]
    fn what_shares_the_folder_moves_along() {
        check(
            "hosts/pai/pai.nix",
            "hosts/pai/pai.nix",
            "hosts/bagan/bagan.nix",
        );
        check(
            "hosts/pai/pai.nix",
            "hosts/pai/disk.nix",
            "hosts/bagan/disk.nix",
        );
        check("hosts/pai/default.nix", "hosts/pai", "hosts/bagan");
        check("hosts/pai/default.nix", "hosts", "hosts");
        check("hosts/pai/default.nix", "other/pai", "other/pai");
        check(
            "configuration-pai.nix",
            "configuration-pai.nix",
            "configuration-bagan.nix",
        );
    }
}
