//! The hosts: by reading the flake, and, where that is wanted, by asking Nix.

use super::hosts::is_settled;
use crate::command::{Ask, AskNix, Question};
use crate::diagnostic::{Diagnostic, Stop};
use crate::flake::{self, Discovery, FoundHost};
use crate::project::Project;
use crate::repo::Repo;

/// Finds the hosts. Nix is asked if the command line says so; where something is
/// unclear and a person is there, it is offered. `said` are hosts whose modules the
/// command line names.
pub(super) fn find(
    project: &Project,
    said: &dyn Fn(&str) -> bool,
    limits: AskNix,
    ask: &mut dyn Ask,
) -> Result<Discovery, Stop> {
    let read = project.flake();
    if !(limits.eval || wants_nix(read.as_ref().copied(), said, ask)?) {
        return Ok(read?.clone());
    }
    ask_nix(project.repo(), read, said, limits, ask)
}

/// As [`find`], and nothing is offered.
pub(super) fn find_silently(
    project: &Project,
    limits: AskNix,
    ask: &mut dyn Ask,
) -> Result<Discovery, Stop> {
    let read = project.flake();
    if !limits.eval {
        return Ok(read?.clone());
    }
    ask_nix(project.repo(), read, &|_| false, limits, ask)
}

/// Nix says which hosts there are; of those that reading leaves open, what they are
/// made of.
fn ask_nix(
    repo: &Repo,
    read: Result<&Discovery, Diagnostic>,
    said: &dyn Fn(&str) -> bool,
    limits: AskNix,
    ask: &mut dyn Ask,
) -> Result<Discovery, Stop> {
    let known: &[FoundHost] = match read {
        Ok(found) => &found.hosts,
        // Nix reads no more than larder where there is nothing to read.
        Err(why) if why.code != "no-hosts" => return Err(why.into()),
        Err(_) => &[],
    };
    let settled = |name: &String| {
        let mut known = known.iter();
        said(name) || known.any(|host| host.name == *name && is_settled(host))
    };
    let open = |names: &[String]| {
        let open = names.iter().filter(|name| !settled(name));
        open.cloned().collect::<Vec<_>>()
    };
    let answer = ask.nix(limits, &open)?;
    if answer.names.is_empty() {
        return Err(no_hosts().into());
    }
    Ok(flake::discover_by_nix(repo, &answer)?)
}

fn wants_nix(
    read: Result<&Discovery, &Diagnostic>,
    said: &dyn Fn(&str) -> bool,
    ask: &mut dyn Ask,
) -> Result<bool, Stop> {
    let what = match read {
        Ok(found) if !found.is_followed() => match found.notes.first() {
            Some(why) => why.message.clone(),
            None => return Ok(false),
        },
        Ok(found) => {
            let hosts = found.hosts.iter();
            let open = hosts.filter(|host| !is_settled(host) && !said(&host.name));
            match open.count() {
                0 => return Ok(false),
                1 => "the module of one host is not clear".to_owned(),
                count => format!("the modules of {count} hosts are not clear"),
            }
        }
        Err(why) if why.code == "no-hosts" => why.message.clone(),
        Err(_) => return Ok(false),
    };
    if !ask.has_person() || !ask.has_nix() {
        return Ok(false);
    }
    let text = format!("{what}; ask Nix? It evaluates the flake, and fetches nothing");
    let question = Question {
        text: &text,
        flag: "--eval",
        why: "The flake computes something that cannot be read off its files. Nix evaluates it as a switch would; nothing is built and nothing is written.",
    };
    ask.confirm(question, true)
}

fn no_hosts() -> Diagnostic {
    Diagnostic::error(
        "no-hosts",
        "the flake has no NixOS host: `nixosConfigurations` is empty",
    )
    .help("add a host in the flake's own way, and run `larder init` again")
}
