//! What larder once wrote and nothing needs any more: owned modules without a host or a
//! cache, the folder that they were in before `dir` changed, and imports of owned modules
//! that are gone, wherever they stand.
//!
//! A host that was renamed, or a module that was moved, takes such an import along: the
//! inventory alone does not say where it is now.

mod unwanted;

use std::collections::{BTreeMap, BTreeSet};
use std::iter;
use std::ops::Range;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use self::unwanted::{AnyOf, GoneModules, OfOtherHosts, OwnedFolders, Unwanted};
use crate::command::plan_builder::PlanBuilder;
use crate::diagnostic::Stop;
use crate::fleet::{Fleet, INVENTORY};
use crate::nix::{NixFile, edit, listed_paths};
use crate::repo::{Repo, RepoPath, Tracking};
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

/// Those of these owned modules that git has and that somebody has deleted.
pub(super) fn deleted(repo: &Repo, owned: &BTreeMap<String, String>) -> Vec<String> {
    let is_deleted = |path: &&String| {
        let path = repo.path(path);
        path.is_some_and(|path| {
            repo.tracking(&path) == Tracking::Tracked && !repo.path_exists(&path)
        })
    };
    owned.keys().filter(is_deleted).cloned().collect()
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

/// Takes out the imports of these owned modules, which are gone, in whatever file they are.
pub(super) fn take_out_moved(builder: &mut PlanBuilder, gone: &[&str]) -> Result<(), Stop> {
    let gone = GoneModules::of(builder.repo(), gone);
    if gone.0.is_empty() {
        return Ok(());
    }
    take_out(builder, &gone)
}

/// Takes out whatever is not wanted, in one pass over the files: imports of a file in one of
/// `dirs` that is not there (`name` is the folder as the inventory has it), of owned modules
/// that are gone, and in each host's own module what larder wrote for other hosts; `modules`
/// has what each is to import. True if two modules have changed their hosts.
pub(super) fn take_out_all(
    builder: &mut PlanBuilder,
    name: &str,
    dirs: &[RepoPath],
    gone: &[&str],
    modules: &BTreeMap<&str, BTreeSet<&str>>,
) -> Result<bool, Stop> {
    let repo = builder.repo();
    let folders = OwnedFolders { dirs, name };
    let gone = GoneModules::of(repo, gone);
    let of_others = OfOtherHosts::of(repo, modules);
    let any = AnyOf(&[&folders, &gone, &of_others]);
    let files = files_with(repo, &any);
    let mut changed = files.iter();
    let has_swapped = changed.any(|path| {
        let file = repo.nix_uncached(path).and_then(Result::ok);
        file.is_some_and(|file| first(repo, path, &AnyOf(&[&of_others]), &file).is_some())
    });
    take_out_of(builder, &files, &any)?;
    Ok(has_swapped)
}

fn take_out(builder: &mut PlanBuilder, unwanted: &dyn Unwanted) -> Result<(), Stop> {
    let files = files_with(builder.repo(), unwanted);
    take_out_of(builder, &files, unwanted)
}

fn take_out_of(
    builder: &mut PlanBuilder,
    files: &[RepoPath],
    unwanted: &dyn Unwanted,
) -> Result<(), Stop> {
    for path in files {
        // Each edit moves what is behind it.
        while let Some(edit) = take_out_first(builder, path, unwanted)? {
            builder.edit(path, &edit)?;
        }
    }
    Ok(())
}

fn files_with(repo: &Repo, unwanted: &dyn Unwanted) -> Vec<RepoPath> {
    let is_nix = |path: &RepoPath| path.file_name().strip_suffix(".nix").is_some();
    // A link is another name of a file.
    let is_file = |path: &RepoPath| repo.followed(path) == *path;
    let is_human = |path: &&RepoPath| is_nix(path) && !unwanted.contain(path) && is_file(path);
    let paths: Vec<&RepoPath> = repo.tracked().filter(is_human).collect();
    let has_some = |path: &&RepoPath| {
        let text = repo.text(path).ok().flatten();
        let mentions = text.is_some_and(|text| unwanted.may_be_named(path, &text));
        let file = mentions.then(|| repo.nix_uncached(path)?.ok()).flatten();
        file.is_some_and(|file| first(repo, path, unwanted, &file).is_some())
    };
    let found = paths.into_par_iter().filter(has_some);
    found.cloned().collect()
}

fn take_out_first(
    builder: &PlanBuilder,
    path: &RepoPath,
    unwanted: &dyn Unwanted,
) -> Result<Option<TextEdit>, Stop> {
    let repo = builder.repo();
    let file = repo.nix_uncached(path).and_then(Result::ok);
    let Some(range) = file.and_then(|file| first(repo, path, unwanted, &file)) else {
        return Ok(None);
    };
    let edit = builder.nix_edit(path, |file| edit::remove_item_at(file, range))?;
    Ok(Some(edit))
}

fn first(
    repo: &Repo,
    path: &RepoPath,
    unwanted: &dyn Unwanted,
    file: &NixFile,
) -> Option<Range<usize>> {
    let mut paths = listed_paths(file).into_iter();
    let unwanted = paths.find(|(target, _)| unwanted.has(repo, path, target));
    unwanted.map(|(_, range)| range)
}
