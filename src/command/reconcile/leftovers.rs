//! What larder once wrote and nothing needs any more: owned modules without a host or a
//! cache, the folder that they were in before `dir` changed, and imports of owned modules
//! that are gone, wherever they stand.
//!
//! A host that was renamed, or a module that was moved, takes such an import along: the
//! inventory alone does not say where it is now.

use std::collections::{BTreeMap, BTreeSet};
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
    let name = &fleet.dir;
    take_out(builder, &OwnedFolders { dirs, name })?;
    Ok(())
}

/// Takes out the imports of these owned modules, which are gone, in whatever file they are.
pub(super) fn take_out_moved(builder: &mut PlanBuilder, gone: &[&str]) -> Result<(), Stop> {
    let paths = gone.iter().filter_map(|path| builder.repo().path(path));
    let gone = GoneModules(paths.collect());
    if gone.0.is_empty() {
        return Ok(());
    }
    take_out(builder, &gone)?;
    Ok(())
}

/// Takes out of each host's own module what larder wrote for other hosts: two modules have
/// changed their hosts. `modules` has what each is to import. True if there was some.
pub(super) fn take_out_of_others(
    builder: &mut PlanBuilder,
    modules: &BTreeMap<&str, BTreeSet<&str>>,
) -> Result<bool, Stop> {
    let repo = builder.repo();
    let paths = |stubs: &BTreeSet<&str>| stubs.iter().filter_map(|stub| repo.path(stub)).collect();
    let own: BTreeMap<RepoPath, BTreeSet<RepoPath>> = modules
        .iter()
        .filter_map(|(module, stubs)| Some((repo.path(module)?, paths(stubs))))
        .collect();
    let all = own.values().flatten().cloned().collect();
    take_out(builder, &OfOtherHosts { own, all })
}

/// The imports that are not wanted any more.
trait Unwanted: Sync {
    /// True for an import, from this file, that is to go.
    fn has(&self, repo: &Repo, from: &RepoPath, target: &str) -> bool;

    /// Most files are not parsed for this.
    fn may_be_named(&self, path: &RepoPath, text: &str) -> bool;

    /// True for a file of larder's own.
    fn contain(&self, path: &RepoPath) -> bool;
}

/// Where larder's files are and were: what is imported from there and is not there is not
/// wanted.
struct OwnedFolders<'f> {
    dirs: &'f [RepoPath],
    /// The folder as the inventory has it.
    name: &'f str,
}

impl Unwanted for OwnedFolders<'_> {
    /// The file is gone, or the one that imports it was moved.
    fn has(&self, repo: &Repo, from: &RepoPath, target: &str) -> bool {
        let path = from.beside(target);
        let is_larders = path.as_ref().is_some_and(|path| self.contain(path))
            || wiring::is_import_of(self.name, target);
        is_larders && path.is_none_or(|path| !repo.path_exists(&path))
    }

    fn may_be_named(&self, _: &RepoPath, text: &str) -> bool {
        let mut names = self.dirs.iter().map(RepoPath::file_name);
        names.any(|name| text.contains(&format!("{name}/")))
    }

    fn contain(&self, path: &RepoPath) -> bool {
        self.dirs.iter().any(|dir| is_inside(path, dir))
    }
}

/// Owned modules that this change takes away.
struct GoneModules(Vec<RepoPath>);

impl Unwanted for GoneModules {
    fn has(&self, _: &Repo, from: &RepoPath, target: &str) -> bool {
        let path = from.beside(target);
        path.is_some_and(|path| self.0.contains(&path))
    }

    fn may_be_named(&self, _: &RepoPath, text: &str) -> bool {
        let mut names = self.0.iter().map(RepoPath::file_name);
        names.any(|name| text.contains(name))
    }

    fn contain(&self, path: &RepoPath) -> bool {
        self.0.contains(path)
    }
}

/// What larder wrote for a host, in the own module of another.
struct OfOtherHosts {
    /// The host modules, each with the owned modules that it is to import.
    own: BTreeMap<RepoPath, BTreeSet<RepoPath>>,
    all: BTreeSet<RepoPath>,
}

impl Unwanted for OfOtherHosts {
    fn has(&self, _: &Repo, from: &RepoPath, target: &str) -> bool {
        let is_anothers = |path: &RepoPath| {
            let own = self.own.get(from);
            self.all.contains(path) && own.is_some_and(|own| !own.contains(path))
        };
        from.beside(target).as_ref().is_some_and(is_anothers)
    }

    fn may_be_named(&self, path: &RepoPath, text: &str) -> bool {
        let is_own = |rest: &str| {
            let mut own = self.own.get(path).into_iter().flatten();
            own.any(|own| rest.starts_with(own.file_name()))
        };
        let mut after = text.split("hosts/").skip(1);
        after.any(|rest| !is_own(rest))
    }

    fn contain(&self, path: &RepoPath) -> bool {
        !self.own.contains_key(path)
    }
}

/// True if there was something to take out.
fn take_out(builder: &mut PlanBuilder, unwanted: &dyn Unwanted) -> Result<bool, Stop> {
    let files = files_with(builder.repo(), unwanted);
    for path in &files {
        // Each edit moves what is behind it.
        while let Some(edit) = take_out_first(builder, path, unwanted)? {
            builder.edit(path, &edit)?;
        }
    }
    Ok(!files.is_empty())
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

fn is_inside(path: &RepoPath, dir: &RepoPath) -> bool {
    let below = path.as_str().strip_prefix(dir.as_str());
    below.is_some_and(|below| below.starts_with('/'))
}
