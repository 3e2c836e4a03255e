//! Looks at the flake as it would be with the new host.

use crate::diagnostic::Diagnostic;
use crate::flake::discover;
use crate::flake::entry::{Added, NewEntry, nested};
use crate::flake::found::{Found, FoundHost};
use crate::repo::{Outcome, Repo};

/// The same addition, if the flake then has the host with its module and all other
/// hosts as before.
pub(super) fn check(
    repo: &Repo,
    before: &Found,
    new: &NewEntry,
    sibling: &FoundHost,
    mut added: Added,
) -> Result<Added, Diagnostic> {
    let after = discover(&with(repo, &added))?.followed()?;
    let host = after.hosts.iter().find(|host| host.name == new.name);
    let host = host.ok_or_else(|| refuse(new, sibling, "it would not be among the hosts"))?;
    for old in &before.hosts {
        let now = after.hosts.iter().find(|host| host.name == old.name);
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
    added.within.clone_from(&host.within);
    Ok(added)
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
    let module = match &added.within {
        Some(within) => nested(within, "{ }"),
        None => "{ }".to_owned(),
    };
    let edited = added.edits.iter().filter_map(|(path, edit)| {
        let text = repo.text(path).ok()??;
        Some((path.clone(), Outcome::Text(edit.apply(&text).into())))
    });
    let edited: Vec<_> = edited.collect();
    let module =
        (!repo.exists(&added.module)).then(|| (added.module.clone(), Outcome::Text(module.into())));
    repo.after(edited.into_iter().chain(module))
}
