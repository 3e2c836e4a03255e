//! What larder once wrote and nothing needs any more: owned modules without a host or a
//! cache, the folder that they were in before `dir` changed, and imports of owned modules
//! that are gone, wherever they stand.
//!
//! A host that was renamed, or a module that was moved, takes such an import along: the
//! inventory alone does not say where it is now.

use std::collections::BTreeMap;
use std::iter;
use std::ops::Range;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::command::plan_builder::PlanBuilder;
use crate::diagnostic::Stop;
use crate::fleet::{Fleet, INVENTORY};
use crate::nix::{NixFile, edit, listed_paths};
use crate::repo::{Repo, RepoPath};
use crate::text::TextEdit;
use crate::wiring;

/// The paths of the owned modules that `wants` does not have.
///
/// `dirs` is what [`dirs`] gives.
pub(super) fn stale(
    repo: &Repo,
    dirs: &[RepoPath],
    wants: &BTreeMap<String, String>,
) -> Vec<String> {
    let is_stale =
        |path: &&RepoPath| !wants.contains_key(&repo.shown(path)) && is_owned(repo, path);
    let stale = dirs
        .iter()
        .flat_map(|dir| repo.tracked_under(dir).filter(is_stale));
    stale.map(|path| repo.shown(path)).collect()
}

/// The folder of the owned modules, and those that it was before: the folder of an owned
/// `keys.nix`, which every wired fleet has, of this inventory and no other.
pub(super) fn dirs(repo: &Repo, fleet: &Fleet) -> Vec<RepoPath> {
    let Some(dir) = repo.path(&fleet.dir) else {
        return Vec::new();
    };
    let is_former = |path: &&RepoPath| {
        path.file_name() == "keys.nix"
            && path.parent() != dir
            && is_owned(repo, path)
            && is_of_this_inventory(repo, path)
    };
    let former: Vec<RepoPath> = repo
        .tracked()
        .filter(is_former)
        .map(RepoPath::parent)
        .collect();
    iter::once(dir).chain(former).collect()
}

fn is_owned(repo: &Repo, path: &RepoPath) -> bool {
    let text = repo.text(path).ok().flatten();
    text.is_some_and(|text| wiring::is_owned(&text))
}

/// True if no other inventory is nearer to the file.
fn is_of_this_inventory(repo: &Repo, path: &RepoPath) -> bool {
    let Some(inventory) = repo.path(INVENTORY) else {
        return false;
    };
    let mut folder = path.parent();
    while folder != inventory.parent() {
        let other = folder.join(INVENTORY);
        if folder.as_str().is_empty() || other.is_some_and(|other| repo.exists(&other)) {
            return false;
        }
        folder = folder.parent();
    }
    true
}

/// Takes out every import of a file of larder's that is not there.
pub(super) fn take_out_dangling(
    builder: &mut PlanBuilder,
    fleet: &Fleet,
    dirs: &[RepoPath],
) -> Result<(), Stop> {
    let owned = OwnedFolders {
        dirs,
        name: &fleet.dir,
    };
    for path in files_with_dangling(builder.repo(), &owned) {
        // Each edit moves what is behind it.
        while let Some(edit) = take_out_first(builder, &path, &owned)? {
            builder.edit(&path, &edit)?;
        }
    }
    Ok(())
}

/// Where larder's files are and were.
struct OwnedFolders<'f> {
    dirs: &'f [RepoPath],
    /// The folder as the inventory has it.
    name: &'f str,
}

impl OwnedFolders<'_> {
    fn contain(&self, path: &RepoPath) -> bool {
        self.dirs.iter().any(|dir| is_inside(path, dir))
    }

    /// True for an import, from this file, of one of larder's that is not there: it is gone,
    /// or the file that imports it was moved.
    fn is_dangling(&self, repo: &Repo, from: &RepoPath, target: &str) -> bool {
        let path = from.beside(target);
        let is_larders = path.as_ref().is_some_and(|path| self.contain(path))
            || wiring::is_import_of(self.name, target);
        is_larders && path.is_none_or(|path| !repo.path_exists(&path))
    }

    /// Most files are not parsed for this.
    fn may_be_named(&self, text: &str) -> bool {
        let mut names = self.dirs.iter().map(RepoPath::file_name);
        names.any(|name| text.contains(&format!("{name}/")))
    }
}

fn files_with_dangling(repo: &Repo, owned: &OwnedFolders<'_>) -> Vec<RepoPath> {
    let is_nix = |path: &RepoPath| path.file_name().strip_suffix(".nix").is_some();
    let is_human = |path: &&RepoPath| is_nix(path) && !owned.contain(path);
    let paths: Vec<&RepoPath> = repo.tracked().filter(is_human).collect();
    let has_dangling = |path: &&RepoPath| {
        let text = repo.text(path).ok().flatten();
        let mentions = text.is_some_and(|text| owned.may_be_named(&text));
        let file = mentions.then(|| repo.nix_uncached(path)?.ok()).flatten();
        file.is_some_and(|file| first_dangling(repo, path, owned, &file).is_some())
    };
    let found = paths.into_par_iter().filter(has_dangling);
    found.cloned().collect()
}

fn take_out_first(
    builder: &PlanBuilder,
    path: &RepoPath,
    owned: &OwnedFolders<'_>,
) -> Result<Option<TextEdit>, Stop> {
    let repo = builder.repo();
    let file = repo.nix_uncached(path).and_then(Result::ok);
    let Some(range) = file.and_then(|file| first_dangling(repo, path, owned, &file)) else {
        return Ok(None);
    };
    let edit = builder.nix_edit(path, |file| edit::remove_item_at(file, range))?;
    Ok(Some(edit))
}

fn first_dangling(
    repo: &Repo,
    path: &RepoPath,
    owned: &OwnedFolders<'_>,
    file: &NixFile,
) -> Option<Range<usize>> {
    let mut paths = listed_paths(file).into_iter();
    let dangling = paths.find(|(target, _)| owned.is_dangling(repo, path, target));
    dangling.map(|(_, range)| range)
}

fn is_inside(path: &RepoPath, dir: &RepoPath) -> bool {
    let below = path.as_str().strip_prefix(dir.as_str());
    below.is_some_and(|below| below.starts_with('/'))
}
