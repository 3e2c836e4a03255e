//! Files that a host must have beside its module: `machines/NAME/system`, which the flake
//! reads for every host. Only its people know what to write into it.

use std::collections::BTreeSet;

use crate::flake::discovery::{Discovery, FoundHost};
use crate::flake::entry::request::Added;
use crate::repo::{Repo, RepoPath};

/// A file that every host has in a folder of its own and its module does not
/// name, while one of the files that make the flake names it; where the new host
/// would have it, and where the sibling has it.
///
/// `read` are the files that the flake was evaluated with.
pub(super) fn missing(
    repo: &Repo,
    read: &[RepoPath],
    found: &Discovery,
    sibling: &FoundHost,
    added: &Added,
) -> Option<(RepoPath, RepoPath)> {
    let folder = own_folder(sibling)?;
    let likes: Vec<RepoPath> = found.hosts.iter().filter_map(own_folder).collect();
    let mut common = names_in(repo, &folder);
    for like in &likes {
        let names = names_in(repo, like);
        common.retain(|name| names.contains(name));
    }
    let module = repo.text(sibling.module.as_ref()?).ok()??;
    let new = added.module.parent();
    common.into_iter().find_map(|name| {
        let (its, wanted) = (folder.join(&name)?, new.join(&name)?);
        let is_the_modules = is_path_in(&module, &name)
            || added.module == wanted
            || added.file.as_ref().is_some_and(|file| file.path == wanted);
        let is_needed = likes.len() > 1 && !is_the_modules && !repo.exists(&wanted);
        let is_named = || read.iter().any(|file| names_it(repo, file, &likes, &name));
        (is_needed && is_named()).then_some((wanted, its))
    })
}

/// The folder that is named after the host and has its module.
fn own_folder(host: &FoundHost) -> Option<RepoPath> {
    let folder = host.module.as_ref()?.parent();
    (folder.file_name() == host.name).then_some(folder)
}

fn names_in(repo: &Repo, folder: &RepoPath) -> BTreeSet<String> {
    let files = repo.tracked_under(folder);
    let below = files.filter_map(|file| {
        let name = file.as_str().strip_prefix(folder.as_str())?;
        Some(name.trim_start_matches('/').to_owned())
    });
    below.filter(|name| !name.contains('/')).collect()
}

/// True for `./NAME` in a module, and not for `/NAME-of-something`.
fn is_path_in(module: &str, name: &str) -> bool {
    let goes_on = |c: char| c.is_alphanumeric() || "-_./".contains(c);
    let path = format!("/{name}");
    let mut parts = module.split(&path);
    parts.next();
    parts.any(|behind| !behind.starts_with(goes_on))
}

/// True for `… + "/${name}/system"` in a file that is no host's.
fn names_it(repo: &Repo, file: &RepoPath, hosts: &[RepoPath], name: &str) -> bool {
    let is_hosts = |folder: &RepoPath| file.as_str().starts_with(&format!("{folder}/"));
    if hosts.iter().any(is_hosts) {
        return false;
    }
    let text = repo.text(file).ok().flatten();
    text.is_some_and(|text| text.contains(&format!("}}/{name}\"")))
}
