//! Which module is each host's own: found, said, or asked.

use std::str::FromStr;

use crate::command::{Ask, Question, answers};
use crate::diagnostic::{Diagnostic, Stop};
use crate::flake::{Discovery, FoundHost};
use crate::fleet::{HostName, NameError};
use crate::nix::AttrPath;
use crate::repo::{Repo, RepoPath};

/// What stands for "it has no module of its own".
const NONE: &str = "-";

/// `HOST=PATH` of the command line.
#[derive(Debug, Clone)]
pub struct ModuleArg {
    host: HostName,
    path: String,
}

impl FromStr for ModuleArg {
    type Err = String;

    fn from_str(said: &str) -> Result<Self, String> {
        let (host, path) = said.split_once('=').ok_or("write it as HOST=PATH")?;
        let host = host.parse().map_err(|e: NameError| e.to_string())?;
        let path = path.to_owned();
        Ok(Self { host, path })
    }
}

/// A host of the flake whose module is settled.
#[derive(Debug, Clone)]
pub struct HostModule {
    /// Its name.
    pub(super) name: HostName,
    /// Its module; `None`: it has none of its own.
    pub(super) module: Option<RepoPath>,
    /// Where in that file its module is, if it is not the whole file.
    pub(super) within: Option<AttrPath>,
}

/// True if the answer for a host needs nobody's word.
pub(super) fn is_settled(host: &FoundHost) -> bool {
    host.module.is_some() && !host.confirm
}

/// Settles every host: from the command line, from the flake, by asking.
pub(super) fn choose(
    repo: &Repo,
    found: &Discovery,
    said: &[ModuleArg],
    ask: &mut dyn Ask,
) -> Result<Vec<HostModule>, Stop> {
    if !found.is_followed() && !said.is_empty() {
        return said.iter().map(|arg| as_said(repo, arg)).collect();
    }
    found.followed()?;
    let more = missed(found, said)?;
    let open: Vec<&FoundHost> = found
        .hosts
        .iter()
        .filter(|host| !is_settled(host) && answer(said, &host.name).is_none())
        .collect();
    if !open.is_empty() && !ask.has_person() {
        return Err(cannot_ask(repo, &open));
    }
    let settle = |host: &FoundHost| choose_one(repo, host, said, ask);
    let mut chosen = found
        .hosts
        .iter()
        .map(settle)
        .collect::<Result<Vec<_>, _>>()?;
    for arg in more {
        chosen.push(as_said(repo, arg)?);
    }
    Ok(chosen)
}

/// Where larder cannot follow the flake, people know its hosts.
fn as_said(repo: &Repo, arg: &ModuleArg) -> Result<HostModule, Stop> {
    Ok(HostModule {
        name: arg.host.clone(),
        module: given(repo, &arg.path)?,
        within: None,
    })
}

fn choose_one(
    repo: &Repo,
    host: &FoundHost,
    said: &[ModuleArg],
    ask: &mut dyn Ask,
) -> Result<HostModule, Stop> {
    let name: HostName = host.name.parse().map_err(|error| unusable_name(&error))?;
    let module = match answer(said, &host.name) {
        Some(path) => given(repo, path)?,
        None if is_settled(host) => host.module.clone(),
        None => asked(repo, host, ask)?,
    };
    let within = host.within.as_deref().filter(|_| module == host.module);
    let within = within.map(answers::attribute_path).transpose()?;
    Ok(HostModule {
        name,
        module,
        within,
    })
}

/// True if the command line names the host's module.
pub(super) fn is_said(said: &[ModuleArg], name: &str) -> bool {
    answer(said, name).is_some()
}

fn answer<'a>(said: &'a [ModuleArg], name: &str) -> Option<&'a str> {
    let of_host = |arg: &&ModuleArg| arg.host.to_string() == name;
    said.iter().find(of_host).map(|arg| arg.path.as_str())
}

fn given(repo: &Repo, path: &str) -> Result<Option<RepoPath>, Stop> {
    if path == NONE {
        return Ok(None);
    }
    let place = repo.path(path).filter(|place| repo.exists(place));
    let place = place.or_else(|| {
        let default = repo.path(path)?.join("default.nix")?;
        repo.exists(&default).then_some(default)
    });
    place.map(Some).ok_or_else(|| no_such_module(path))
}

fn asked(repo: &Repo, host: &FoundHost, ask: &mut dyn Ask) -> Result<Option<RepoPath>, Stop> {
    let mut options: Vec<RepoPath> = host
        .module
        .iter()
        .chain(&host.candidates)
        .cloned()
        .collect();
    options.dedup();
    let mut words: Vec<String> = options.iter().map(|path| repo.shown(path)).collect();
    words.push("another file".to_owned());
    words.push("none: it has no module of its own".to_owned());
    let text = format!("which file is the module of `{}`?", host.name);
    let flag = format!("--module {}=PATH", host.name);
    let question = Question {
        text: &text,
        flag: &flag,
    };
    match ask.choose(question, &words, 0)? {
        chosen if chosen < options.len() => Ok(Some(options.swap_remove(chosen))),
        chosen if chosen == options.len() => {
            let valid = |line: &str| given(repo, line).map(drop).map_err(|stop| words_of(&stop));
            let line = ask.line(question, None, &valid)?;
            given(repo, &line)
        }
        _ => Ok(None),
    }
}

fn words_of(stop: &Stop) -> String {
    stop.diagnostics()
        .first()
        .map(|said| said.message.clone())
        .unwrap_or_default()
}

/// One error for all of them, with the whole command line to complete.
fn cannot_ask(repo: &Repo, open: &[&FoundHost]) -> Stop {
    let names: Vec<String> = open.iter().map(|host| format!("`{}`", host.name)).collect();
    let flags: Vec<String> = open.iter().map(|host| flag_of(repo, host)).collect();
    let mut said = Diagnostic::error(
        "module-unknown",
        format!(
            "cannot tell which file is the module of {}",
            names.join(", ")
        ),
    )
    .about(names.join(","));
    for host in open {
        said = said.help(format!("`{}`: {}", host.name, host.how));
    }
    said.help(format!("say it: `larder init {}`", flags.join(" ")))
        .help("`HOST=-` says that a host has no module of its own")
        .into()
}

fn flag_of(repo: &Repo, host: &FoundHost) -> String {
    let guess = host.module.iter().chain(&host.candidates).next();
    let path = guess.map_or_else(|| "PATH".to_owned(), |path| repo.shown(path));
    format!("--module {}={path}", host.name)
}

/// What the command line says of hosts that were not found: refused as a slip, unless the
/// flake may have more hosts than were found.
fn missed<'a>(found: &Discovery, said: &'a [ModuleArg]) -> Result<Vec<&'a ModuleArg>, Stop> {
    let mut out = Vec::new();
    for arg in said {
        match found.require_host(arg.host.as_str()) {
            Ok(_) => {}
            Err(_) if found.may_have_more() => out.push(arg),
            Err(unknown) => return Err(unknown.into()),
        }
    }
    Ok(out)
}

fn no_such_module(path: &str) -> Stop {
    Diagnostic::error("file-missing", format!("there is no file `{path}`"))
        .about(path)
        .help("name it relative to the flake's folder")
        .into()
}

fn unusable_name(error: &NameError) -> Stop {
    Diagnostic::error(
        "host-name",
        format!("the flake defines a host that cannot be named: {error}"),
    )
    .into()
}
