//! Hosts that are each made in a file of their own.

use rnix::ast;
use rowan::ast::AstNode;

use crate::flake::discovery::{Discovery, EntryKind, FoundHost};
use crate::flake::entry::entry_text::EntryText;
use crate::flake::entry::naming::{self, module_name};
use crate::flake::entry::siblings::Siblings;
use crate::nix::{NixFile, known_name};
use crate::repo::{Repo, RepoPath};
use crate::text::rename_word;

/// Which file is a host's own.
pub(super) type OwnFile = fn(&Repo, &Discovery, &FoundHost) -> Option<RepoPath>;

/// How many other files are compared.
const COMPARED: usize = 7;

/// The file that makes a host and no other, and is named after it; `None` where it is the
/// host's module as a whole.
pub(super) fn of(repo: &Repo, found: &Discovery, host: &FoundHost) -> Option<RepoPath> {
    let entry = host.entry.as_ref().filter(|_| !host.is_list)?;
    let file = match entry.kind {
        EntryKind::Data => return None,
        EntryKind::Directory if is_nix(&entry.file) => entry.file.clone(),
        EntryKind::Directory => entry.file.join("default.nix")?,
        EntryKind::Binding | EntryKind::Name | EntryKind::Row => entry.file.clone(),
    };
    let makes = |other: &FoundHost| {
        let entry = other.entry.as_ref();
        other.name != host.name && entry.is_some_and(|entry| entry.file == file)
    };
    let mut modules = host.modules.iter().filter_map(|module| module.whole_file());
    let is_module = modules.any(|module| *module == file)
        || (host.within.is_none() && host.module.as_ref() == Some(&file));
    let is_its = repo.exists(&file) && !is_module && !found.hosts.iter().any(makes);
    is_its
        .then_some(file)
        .filter(|file| renamed(file, host, "\u{e000}").is_some())
}

/// The file of which the host's module is a part, if it holds nobody else's and is named
/// after the host: where a flake makes hosts of all such modules, one more file is one more
/// host.
pub(super) fn of_module(repo: &Repo, found: &Discovery, host: &FoundHost) -> Option<RepoPath> {
    host.within.as_ref().filter(|_| !host.is_list)?;
    let file = host.module.as_ref()?;
    let entry = |host: &FoundHost| host.entry.as_ref().map(|entry| entry.file.clone());
    let has = |other: &FoundHost| {
        let is_in = other.module.as_ref() == Some(file) || entry(other).as_ref() == Some(file);
        other.name != host.name && is_in
    };
    let is_its = !is_named(repo, host) && !found.hosts.iter().any(has);
    let file = Some(file.clone()).filter(|file| is_its && repo.exists(file));
    file.filter(|file| renamed(file, host, "\u{e000}").is_some())
}

/// True if an entry has the host's name: nothing computes it from that of its module.
fn is_named(repo: &Repo, host: &FoundHost) -> bool {
    let Some(entry) = &host.entry else {
        return false;
    };
    let nix = repo.nix(&entry.file).and_then(Result::ok);
    let node = nix.and_then(|nix| nix.node_at(&entry.range));
    let binding = node.and_then(ast::AttrpathValue::cast);
    let path = binding.and_then(|binding| binding.attrpath());
    let has_name = |path: ast::Attrpath| {
        let mut attrs = path.attrs();
        attrs.any(|attr| known_name(&attr).as_ref() == Some(&host.name))
    };
    entry.kind != EntryKind::Binding || path.is_none_or(has_name)
}

/// The path of a file that is named after a host, for another one.
pub(super) fn renamed(file: &RepoPath, host: &FoundHost, new: &str) -> Option<RepoPath> {
    let path = file.as_str();
    let mut other = rename_word(path, &host.name, new);
    if other == path {
        let name = module_name(host)?;
        other = rename_word(path, name, naming::beside(name, &host.name, new));
    }
    RepoPath::new(&other).filter(|other| other != file)
}

/// The files as entries: that of the host, and those of others.
pub(super) fn siblings<'a>(
    repo: &'a Repo,
    found: &Discovery,
    host: &'a FoundHost,
    (file, nix): (&RepoPath, &NixFile),
    own: OwnFile,
) -> Siblings<'a> {
    let text = |host: &FoundHost, file: &RepoPath, nix: &NixFile| {
        let alias = module_name(host).map(str::to_owned);
        EntryText::new(&host.name, alias, file, vec![nix.expr().syntax().clone()])
    };
    let others = found.hosts.iter().filter(|other| other.name != host.name);
    let others = others.filter_map(|other| {
        let theirs = own(repo, found, other)?;
        let nix = repo.nix(&theirs)?.ok()?;
        Some(text(other, &theirs, &nix))
    });
    let others = others.take(COMPARED).collect();
    Siblings::in_files(repo, host, text(host, file, nix), others)
}

fn is_nix(path: &RepoPath) -> bool {
    path.file_name().strip_suffix(".nix").is_some()
}
