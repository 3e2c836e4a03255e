//! What larder once wrote and nothing needs any more: owned modules without a host or a
//! cache, and imports of owned modules that are gone, wherever they stand.
//!
//! A host that was renamed, or a module that was moved, takes such an import along: the
//! inventory alone does not say where it is now.

use std::collections::BTreeMap;
use std::ops::Range;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::command::plan_builder::PlanBuilder;
use crate::diagnostic::Stop;
use crate::fleet::Fleet;
use crate::nix::{NixFile, edit, listed_paths};
use crate::repo::{Repo, RepoPath};
use crate::text::TextEdit;
use crate::wiring;

/// The paths of the owned modules that `wants` does not have.
pub(super) fn stale(repo: &Repo, fleet: &Fleet, wants: &BTreeMap<String, String>) -> Vec<String> {
    let is_stale = |path: &&RepoPath| {
        let text = || repo.text(path).ok().flatten();
        !wants.contains_key(&repo.shown(path)) && text().is_some_and(|text| wiring::is_owned(&text))
    };
    let Some(dir) = repo.path(&fleet.dir) else {
        return Vec::new();
    };
    let stale = repo.tracked_under(&dir).filter(is_stale);
    stale.map(|path| repo.shown(path)).collect()
}

/// Takes out every import of a file of larder's folder that is not there.
pub(super) fn take_out_dangling(builder: &mut PlanBuilder, fleet: &Fleet) -> Result<(), Stop> {
    let Some(dir) = builder.repo().path(&fleet.dir) else {
        return Ok(());
    };
    for path in files_with_dangling(builder.repo(), &dir) {
        // Each edit moves what is behind it.
        while let Some(edit) = take_out_first(builder, &path, &dir)? {
            builder.edit(&path, &edit)?;
        }
    }
    Ok(())
}

fn files_with_dangling(repo: &Repo, dir: &RepoPath) -> Vec<RepoPath> {
    let name = format!("{}/", dir.file_name());
    let is_nix = |path: &RepoPath| path.file_name().strip_suffix(".nix").is_some();
    let is_human = |path: &&RepoPath| is_nix(path) && !is_inside(path, dir);
    let paths: Vec<&RepoPath> = repo.tracked().filter(is_human).collect();
    let has_dangling = |path: &&RepoPath| {
        let text = repo.text(path).ok().flatten();
        // Most files are not parsed for this.
        let mentions = text.is_some_and(|text| text.contains(&name));
        let file = mentions.then(|| repo.nix_uncached(path)?.ok()).flatten();
        file.is_some_and(|file| first_dangling(repo, path, dir, &file).is_some())
    };
    let found = paths.into_par_iter().filter(has_dangling);
    found.cloned().collect()
}

fn take_out_first(
    builder: &PlanBuilder,
    path: &RepoPath,
    dir: &RepoPath,
) -> Result<Option<TextEdit>, Stop> {
    let repo = builder.repo();
    let file = repo.nix_uncached(path).and_then(Result::ok);
    let Some(range) = file.and_then(|file| first_dangling(repo, path, dir, &file)) else {
        return Ok(None);
    };
    let edit = builder.nix_edit(path, |file| edit::remove_item_at(file, range))?;
    Ok(Some(edit))
}

fn first_dangling(
    repo: &Repo,
    path: &RepoPath,
    dir: &RepoPath,
    file: &NixFile,
) -> Option<Range<usize>> {
    let is_dangling = |(target, _): &(String, Range<usize>)| {
        let target = path.beside(target);
        target.is_some_and(|target| is_inside(&target, dir) && !repo.path_exists(&target))
    };
    let mut paths = listed_paths(file).into_iter();
    paths.find(is_dangling).map(|(_, range)| range)
}

fn is_inside(path: &RepoPath, dir: &RepoPath) -> bool {
    let below = path.as_str().strip_prefix(dir.as_str());
    below.is_some_and(|below| below.starts_with('/'))
}
