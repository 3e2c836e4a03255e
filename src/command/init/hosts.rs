//! Which module is each host's own: found, said, or asked.

use std::collections::BTreeSet;
use std::str::FromStr;

use super::named_module::{ModuleFiles, ModulePlace, found as found_module};
use crate::command::{Ask, Question};
use crate::diagnostic::{Diagnostic, Stop};
use crate::flake::{Discovery, FoundHost};
use crate::fleet::{HostName, NameError, some_of};
use crate::nix::AttrPath;
use crate::repo::{Repo, RepoPath};

/// `HOST=PATH` or `HOST=PATH:WITHIN` of the command line.
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

impl HostModule {
    fn at(name: HostName, place: Option<ModulePlace>) -> Self {
        let (module, within) = place.map_or((None, None), |place| (Some(place.file), place.within));
        Self {
            name,
            module,
            within,
        }
    }
}

/// True if the answer for a host needs nobody's word.
pub(super) fn is_settled(host: &FoundHost) -> bool {
    host.module.is_some() && !host.confirm
}

/// Settles every host that is not known already: from the command line, from the flake, by asking.
pub(super) fn choose(
    repo: &Repo,
    found: &Discovery,
    said: &[ModuleArg],
    is_known: &dyn Fn(&str) -> bool,
    ask: &mut dyn Ask,
) -> Result<Vec<HostModule>, Stop> {
    if let Some(arg) = said.iter().find(|arg| is_known(arg.host.as_str())) {
        return Err(known_already(&arg.host));
    }
    if !found.is_followed() && !said.is_empty() {
        let hosts = said.iter().map(|arg| arg.host.as_str());
        let modules = ModuleFiles::new(repo, found, hosts);
        let settled = said.iter().map(|arg| as_said(&modules, arg));
        return settled.collect();
    }
    found.followed()?;
    let more = missed(found, said)?;
    let known = found.hosts.iter().map(|host| host.name.as_str());
    let names = known.chain(more.iter().map(|arg| arg.host.as_str()));
    let modules = ModuleFiles::new(repo, found, names);
    let open: Vec<&FoundHost> = found
        .hosts
        .iter()
        .filter(|host| !is_known(&host.name))
        .filter(|host| !is_settled(host) && answer(said, &host.name).is_none())
        .collect();
    if !open.is_empty() && !ask.has_person() {
        return Err(cannot_ask(&modules, &open));
    }
    let settle = |host: &FoundHost| choose_one(&modules, host, said, ask);
    let mut chosen = found
        .hosts
        .iter()
        .filter(|host| !is_known(&host.name))
        .map(settle)
        .collect::<Result<Vec<_>, _>>()?;
    for arg in more {
        chosen.push(as_said(&modules, arg)?);
    }
    Ok(chosen)
}

/// Where larder cannot follow the flake, people know its hosts.
fn as_said(modules: &ModuleFiles, arg: &ModuleArg) -> Result<HostModule, Stop> {
    let place = modules.named(arg.host.as_str(), &arg.path)?;
    Ok(HostModule::at(arg.host.clone(), place))
}

fn choose_one(
    modules: &ModuleFiles,
    host: &FoundHost,
    said: &[ModuleArg],
    ask: &mut dyn Ask,
) -> Result<HostModule, Stop> {
    let name: HostName = host.name.parse().map_err(|error| unusable_name(&error))?;
    let place = match answer(said, &host.name) {
        Some(path) => modules.named(&host.name, path)?,
        None if is_settled(host) => found_module(host)?,
        None => asked(modules, host, ask)?,
    };
    Ok(HostModule::at(name, place))
}

/// True if the command line names the host's module.
pub(super) fn is_said(said: &[ModuleArg], name: &str) -> bool {
    answer(said, name).is_some()
}

fn answer<'a>(said: &'a [ModuleArg], name: &str) -> Option<&'a str> {
    let of_host = |arg: &&ModuleArg| arg.host.to_string() == name;
    said.iter().find(of_host).map(|arg| arg.path.as_str())
}

fn asked(
    modules: &ModuleFiles,
    host: &FoundHost,
    ask: &mut dyn Ask,
) -> Result<Option<ModulePlace>, Stop> {
    let mut options: Vec<RepoPath> = host
        .module
        .iter()
        .chain(&host.candidates)
        .cloned()
        .collect();
    options.dedup();
    let word = |path| with_sharers(modules, host, path);
    let mut words: Vec<String> = options.iter().map(word).collect();
    words.push("another file".to_owned());
    words.push("none: it has no module of its own".to_owned());
    let text = format!("which file is the module of `{}`?", host.name);
    let flag = format!("--module {}=PATH", host.name);
    let question = Question {
        text: &text,
        flag: &flag,
        why: "The wiring is one import in a module that this host alone uses. In a module of several hosts, all of them would get it.",
    };
    let named = |line: &str| modules.named(&host.name, line);
    match ask.choose(question, &words, 0)? {
        chosen if chosen < options.len() => named(&modules.repo.shown(&options[chosen])),
        chosen if chosen == options.len() => {
            let valid = |line: &str| named(line).map(drop).map_err(|stop| words_of(&stop));
            let line = ask.line(question, None, &valid)?;
            named(&line)
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
fn cannot_ask(modules: &ModuleFiles, open: &[&FoundHost]) -> Stop {
    let names: Vec<String> = open.iter().map(|host| format!("`{}`", host.name)).collect();
    let flags: Vec<String> = open.iter().map(|host| flag_of(modules, host)).collect();
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
    said = said.help(format!("say it: `larder init {}`", flags.join(" ")));
    let guesses: BTreeSet<&RepoPath> = open
        .iter()
        .filter_map(|host| guess(modules, host))
        .collect();
    for path in guesses {
        let sharers = modules.sharers(path);
        if sharers.len() > 1 {
            let (path, sharers) = (modules.repo.shown(path), quoted(&sharers));
            said = said.help(format!("`{path}` is a module of {sharers} alike"));
        }
    }
    said.help("`HOST=-` says that a host has no module of its own")
        .into()
}

fn flag_of(modules: &ModuleFiles, host: &FoundHost) -> String {
    let path = guess(modules, host);
    let path = path.map_or_else(|| "PATH".to_owned(), |path| modules.repo.shown(path));
    format!("--module {}={path}", host.name)
}

/// The file that is most likely meant: one that other hosts have as well only where
/// discovery takes it for the host's.
fn guess<'a>(modules: &ModuleFiles, host: &'a FoundHost) -> Option<&'a RepoPath> {
    let is_its_alone = |path: &&RepoPath| modules.sharers(path).len() < 2;
    let candidates = || host.candidates.iter().find(is_its_alone);
    host.module.as_ref().or_else(candidates)
}

/// A file as an answer, with the other hosts that have it.
fn with_sharers(modules: &ModuleFiles, host: &FoundHost, path: &RepoPath) -> String {
    let shown = modules.repo.shown(path);
    let mut others = modules.sharers(path);
    others.retain(|name| *name != host.name);
    if others.is_empty() {
        return shown;
    }
    format!("{shown} (a module of {} as well)", quoted(&others))
}

fn quoted(names: &[&str]) -> String {
    some_of(names.iter().copied())
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

fn known_already(host: &HostName) -> Stop {
    let message = format!("`{host}` is in `larder.toml` already");
    Diagnostic::error("host-known", message)
        .about(host.to_string())
        .help(format!(
            "to give it another module, edit `module` under `[hosts.{host}]` and run `larder sync`"
        ))
        .into()
}

fn unusable_name(error: &NameError) -> Stop {
    Diagnostic::error(
        "host-name",
        format!("the flake defines a host that cannot be named: {error}"),
    )
    .into()
}
