//! Evaluates the flake as it would be with the new host.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::Diagnostic;
use crate::flake::discoveries::Discoveries;
use crate::flake::discovery::{Discovery, FoundHost};
use crate::flake::entry::request::{Added, NewEntry};
use crate::flake::entry::{nested, sibling_files};
use crate::repo::{FileState, Repo, RepoPath};

/// The same addition, if the flake then has the host with its module and all other
/// hosts as before.
pub(super) fn check(
    repo: &Repo,
    known: &Discoveries,
    before: &Discovery,
    new: &NewEntry,
    sibling: &FoundHost,
    mut added: Added,
) -> Result<Added, Diagnostic> {
    let (after, read) = known.discover_and_read(&with(repo, &added))?;
    after.followed()?;
    let hosts = by_name(&after);
    let host = hosts.get(new.name.as_str());
    let host = host.ok_or_else(|| not_among(before, &after, new, sibling))?;
    for old in &before.hosts {
        let now = hosts.get(old.name.as_str());
        if now.is_none_or(|now| !same(old, now)) {
            return Err(refuse(
                new,
                sibling,
                &format!("`{}` would change", old.name),
            ));
        }
    }
    if host.module.as_ref() != Some(&added.module) {
        let found = host
            .module
            .as_ref()
            .map_or_else(|| host.how.clone(), |m| format!("`{}`", repo.shown(m)));
        let wanted = repo.shown(&added.module);
        return Err(refuse(
            new,
            sibling,
            &format!("its module would not be `{wanted}` but {found}"),
        ));
    }
    if let (Some(wanted), Some(system)) = (&new.system, &host.system)
        && wanted != system
    {
        return Err(refuse(
            new,
            sibling,
            &format!("its platform would be `{system}` and not `{wanted}`"),
        ));
    }
    if let Some((wanted, its)) = sibling_files::missing(repo, &read, before, sibling, &added) {
        return Err(needs_file(repo, new, sibling, [&wanted, &its]));
    }
    added.within.clone_from(&host.within);
    added.has_platform = host.system.is_some();
    added.notes.extend(also_made(before, &after, new));
    Ok(added)
}

fn by_name(discovery: &Discovery) -> HashMap<&str, &FoundHost> {
    let hosts = discovery.hosts.iter();
    hosts.map(|host| (host.name.as_str(), host)).collect()
}

/// The flake does not make the host, or under another name.
fn not_among(
    before: &Discovery,
    after: &Discovery,
    new: &NewEntry,
    sibling: &FoundHost,
) -> Diagnostic {
    let is_new = |name: &&String| !before.hosts.iter().any(|host| host.name == **name);
    let mut names = after.hosts.iter().map(|host| &host.name).filter(is_new);
    let (Some(name), None) = (names.next(), names.next()) else {
        return refuse(new, sibling, "it would not be among the hosts");
    };
    let mut refusal = refuse(new, sibling, &format!("the flake would call it `{name}`"));
    refusal.help = vec![format!("call it so: `larder add-host {name}`")];
    refusal
}

/// A flake may make several systems of one machine.
fn also_made(before: &Discovery, after: &Discovery, new: &NewEntry) -> Option<String> {
    let were: HashSet<&str> = before.hosts.iter().map(|host| host.name.as_str()).collect();
    let is_known = |name: &String| were.contains(name.as_str());
    let names = after.hosts.iter().map(|host| &host.name);
    let more: Vec<String> = names
        .filter(|name| **name != new.name && !is_known(name))
        .map(|name| format!("`{name}`"))
        .collect();
    let shown = more.join(", ");
    let (name, more) = (&new.name, more.len());
    (more > 0).then(|| format!("the flake makes {shown} of `{name}` as well"))
}

fn needs_file(
    repo: &Repo,
    new: &NewEntry,
    sibling: &FoundHost,
    [wanted, its]: [&RepoPath; 2],
) -> Diagnostic {
    let (wanted, its) = (repo.shown(wanted), repo.shown(its));
    let why = format!("the flake also reads `{wanted}`, and nobody has written that");
    let mut refusal = refuse(new, sibling, &why);
    refusal.help = vec![format!(
        "write `{wanted}` like `{its}`, and `{}` beside it; then write `[hosts.{}]` to `larder.toml` and run `larder sync`",
        new.module, new.name
    )];
    refusal
}

fn refuse(new: &NewEntry, sibling: &FoundHost, why: &str) -> Diagnostic {
    let (name, like) = (&new.name, &sibling.name);
    let diagnostic = Diagnostic::error(
        "entry-refused",
        format!("cannot make `{name}` as `{like}` is made: {why}"),
    );
    let place = sibling
        .entry
        .as_ref()
        .map(|entry| format!(", which is made in `{}`", entry.file));
    diagnostic
        .help(format!(
            "make it by hand like `{like}`{}; then write `[hosts.{name}]` to `larder.toml` and run `larder sync`",
            place.unwrap_or_default()
        ))
        .help("or name another host to make it like: `--like HOST`")
}

fn same(old: &FoundHost, now: &FoundHost) -> bool {
    old.module == now.module && old.within == now.within && old.system == now.system
}

/// The repository with the addition and a module that sets nothing.
fn with(repo: &Repo, added: &Added) -> Repo {
    let module = match (&added.file, &added.within) {
        (Some(file), _) if file.path == added.module => file.with_module("{ }"),
        (_, Some(within)) => nested(within, "{ }"),
        (_, None) => "{ }".to_owned(),
    };
    let edited = added.edits.iter().filter_map(|(path, edit)| {
        let text = repo.text(path).ok()??;
        Some((path.clone(), FileState::Text(edit.apply(&text).into())))
    });
    let edited: Vec<_> = edited.collect();
    let module = (!repo.exists(&added.module))
        .then(|| (added.module.clone(), FileState::Text(module.into())));
    let file = added.file.iter().filter(|file| file.path != added.module);
    let file = file.map(|file| {
        (
            file.path.clone(),
            FileState::Text(file.with_module("{ }").into()),
        )
    });
    repo.after(edited.into_iter().chain(module).chain(file))
}
