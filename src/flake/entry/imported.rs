//! The line that lists a file among those that make a flake: one more item of the list in
//! which the siblings' files are.

use std::ops::Range;

use rnix::ast;
use rowan::ast::AstNode;

use crate::flake::discover;
use crate::flake::discovery::{Discovery, FoundHost};
use crate::flake::entry::order::predecessor;
use crate::nix::{Literal, NixFile, edit, range_of};
use crate::repo::{Repo, RepoPath};
use crate::text::TextEdit;

/// The edit that lists a new file as the model is; `None` if that is listed nowhere, or in
/// several places.
pub(super) fn edit_like(
    repo: &Repo,
    found: &Discovery,
    model: &RepoPath,
    new: (&str, &RepoPath),
) -> Option<(RepoPath, TextEdit)> {
    let FileList { items, file, nix } = list_of(repo, model)?;
    let item_of = |host: &FoundHost| {
        let file = &host.entry.as_ref()?.file;
        let item = items.iter().find(|(target, _)| is_file(target, file));
        item.map(|(_, range)| range.clone())
    };
    let makers = found.hosts.iter();
    let makers = makers.filter_map(|host| Some((host.name.as_str(), item_of(host)?)));
    let mut others: Vec<(&str, Range<usize>)> = makers.collect();
    others.sort_by_key(|(_, range)| range.start);
    let (target, range) = items.iter().find(|(target, _)| is_file(target, model))?;
    let after = predecessor(others, new.0).unwrap_or_else(|| range.clone());
    let to = if target == model {
        new.1.clone()
    } else {
        new.1.parent()
    };
    let path = Literal::path(&to.relative_to(&file.parent()));
    let edit = edit::insert_after(&nix, after, path.as_str()).ok()?;
    Some((file, edit))
}

/// The edit that takes a file out of the list that it is in.
pub(super) fn edit_without(repo: &Repo, own: &RepoPath) -> Option<(RepoPath, TextEdit)> {
    let FileList { items, file, nix } = list_of(repo, own)?;
    let (_, range) = items.into_iter().find(|(target, _)| is_file(target, own))?;
    Some((file, edit::remove_all(&nix, &[range]).ok()?))
}

/// A list of files, with what each item names.
struct FileList {
    items: Vec<(RepoPath, Range<usize>)>,
    file: RepoPath,
    nix: NixFile,
}

/// The one list that a file is in, of those that the flake is made with.
fn list_of(repo: &Repo, wanted: &RepoPath) -> Option<FileList> {
    let looked_at = repo.recording_accesses();
    discover(&looked_at).ok()?;
    let files = looked_at.accessed().into_iter();
    let files = files.filter(|file| file.file_name().strip_suffix(".nix").is_some());
    let lists = files.filter_map(|file| {
        let nix = repo.nix(&file)?.ok()?;
        let items = items_of(&nix, &file, wanted)?;
        Some(FileList { items, file, nix })
    });
    let mut lists: Vec<FileList> = lists.collect();
    lists.pop().filter(|_| lists.is_empty())
}

/// The paths of the list that has the file, each with what it names.
fn items_of(
    nix: &NixFile,
    file: &RepoPath,
    wanted: &RepoPath,
) -> Option<Vec<(RepoPath, Range<usize>)>> {
    let mut lists = nix.syntax().descendants().filter_map(ast::List::cast);
    lists.find_map(|list| {
        let items: Vec<(RepoPath, Range<usize>)> = list
            .items()
            .filter_map(|item| match item {
                ast::Expr::PathRel(path) => {
                    let text = path.syntax().text().to_string();
                    Some((file.parent().join(&text)?, range_of(path.syntax())))
                }
                _ => None,
            })
            .collect();
        items
            .iter()
            .any(|(target, _)| is_file(target, wanted))
            .then_some(items)
    })
}

/// True if a path names the file, or the folder whose `default.nix` it is.
fn is_file(target: &RepoPath, file: &RepoPath) -> bool {
    target == file || (file.file_name() == "default.nix" && *target == file.parent())
}
