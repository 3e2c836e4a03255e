//! Gives a host of the flake another name.
//!
//! The entry gets the name, and so do the file and the folders of the host's module that
//! bear it; every path that is written out follows. What comes of it is evaluated: the
//! host must be made of the very modules that it was made of, and all others be as they
//! were. Where it is not sure that the module can be moved, it stays.

mod attempt;
mod moves;
mod named_strings;
mod nested_names;
mod path_references;
mod renamed;
mod request;
mod verify;

use crate::diagnostic::Diagnostic;
use crate::flake::discoveries::Discoveries;
use crate::flake::discovery::{Discovery, EntryKind, FoundHost};
use crate::flake::entry::by_hand;
use crate::repo::Repo;

use self::attempt::attempt;
use self::moves::Moves;

pub use self::renamed::Renamed;
pub use self::request::RenameRequest;

/// The edits and moves that give a host its new name.
///
/// # Errors
/// When its entry cannot be renamed for certain, with the place and what to write.
pub fn rename_entry(
    repo: &Repo,
    known: &Discoveries,
    found: &Discovery,
    request: &RenameRequest,
) -> Result<Renamed, Diagnostic> {
    let host = found.require_host(&request.old)?;
    let Some(entry) = &host.entry else {
        return Err(by_hand::no_entry(host));
    };
    let moves = Moves::of(repo, host, request);
    let is_folder = entry.kind == EntryKind::Directory;
    let is_guessed = found.notes.iter().any(|note| note.code == "hosts-guessed");
    let with_module = moves.and_then(|moves| attempt(repo, known, found, host, request, moves));
    let why = match with_module {
        Ok(mut renamed) => {
            renamed.notes.extend(is_guessed.then(|| unseen(request)));
            return Ok(renamed);
        }
        Err(why) => why,
    };
    if is_folder {
        return Err(by_hand(host, request, why));
    }
    let stays = attempt(
        repo,
        known,
        found,
        host,
        request,
        Moves::without_module(request),
    );
    let mut renamed = stays.map_err(|_| by_hand(host, request, why.clone()))?;
    if let Some(module) = request.module.as_ref().or(host.module.as_ref()) {
        let module = repo.shown(module);
        let note = format!("`{module}` stays where it is: {}", why.message);
        renamed.notes.push(note);
    }
    Ok(renamed)
}

/// Where the flake could not be followed.
fn unseen(request: &RenameRequest) -> String {
    format!(
        "larder could not follow the flake: look whether it has `{new}` now, with `nix flake show`",
        new = request.new
    )
}

fn by_hand(host: &FoundHost, request: &RenameRequest, why: Diagnostic) -> Diagnostic {
    let (old, new) = (&request.old, &request.new);
    let place = host.entry.as_ref();
    let place = place.map_or("the flake".to_owned(), |entry| format!("`{}`", entry.file));
    let help = format!(
        "rename `{old}` to `{new}` in {place} by hand, and `[hosts.{old}]` to `[hosts.{new}]` in `larder.toml`; then run `larder sync`"
    );
    let message = format!("`{old}` cannot be renamed for certain: {}", why.message);
    let help = vec![help];
    Diagnostic {
        message,
        help,
        ..why
    }
    .about(&**old)
}
