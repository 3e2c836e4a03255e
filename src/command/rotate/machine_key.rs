//! The new key that a machine has made beside the old one: its public half is read there, over
//! the user's own ssh.

use super::target::Target;
use crate::command::Ask;
use crate::command::machine_files::file_in;
use crate::diagnostic::Stop;
use crate::fleet::{Fleet, KeyKind};
use crate::key::{KeyError, PastedKey};
use crate::steps;

/// The key; else why there is none, as a phrase after the name of the machine.
///
/// # Errors
/// When ssh cannot be started, or the user breaks off.
pub(super) fn fetch(
    fleet: &Fleet,
    target: &Target,
    ask: &mut dyn Ask,
) -> Result<Result<PastedKey, String>, Stop> {
    let name = &target.name;
    let Some(host) = fleet.hosts.get(name) else {
        return Ok(Err("is not in the fleet".to_owned()));
    };
    let file = steps::new_public_file(fleet, target.kind, name);
    let reply = ask.fetch(&[(host, vec![file.clone()])], 1)?.pop();
    let reply = reply.unwrap_or_else(|| Err("no answer".to_owned()));
    Ok(match reply {
        Err(why) => Err(format!("could not be asked: {why}")),
        Ok(output) => match file_in(&output, &file).map(str::trim) {
            None | Some("") => Err(format!(
                "has no `{file}`, which it makes when it is switched"
            )),
            Some(line) => read(target.kind, line, &file),
        },
    })
}

fn read(kind: KeyKind, line: &str, file: &str) -> Result<PastedKey, String> {
    match (kind, PastedKey::read(line)) {
        (KeyKind::Signing, Ok(key @ PastedKey::Signing(_)))
        | (KeyKind::HostKey | KeyKind::Identity, Ok(key @ PastedKey::Ssh(_))) => Ok(key),
        (_, Err(KeyError::Private)) => Err(format!("has a private key in `{file}`")),
        _ => Err(format!("has no public key of that kind in `{file}`")),
    }
}
