//! One import in a module that all hosts have, instead of one in each host's own.

use std::collections::BTreeSet;

use crate::command::{Ask, Question};
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{Fleet, Host};
use crate::nix::Scope;
use crate::project::Project;
use crate::repo::{Repo, RepoPath};
use crate::survey::Machine;
use crate::wiring;

/// From so many host modules on a common one is offered.
const MANY: usize = 5;

/// Where the import goes, and what is said where nobody was asked.
#[derive(Debug, Default)]
pub(super) struct SharedImport {
    /// The module for all; `None`: as the inventory has it.
    pub(super) module: Option<String>,
    pub(super) hint: Option<String>,
}

/// Chooses by the flag, by asking, or by a hint.
///
/// `new` is the fleet with the cache.
pub(super) fn choose(
    said: Option<&str>,
    project: &Project,
    [old, new]: [&Fleet; 2],
    ask: &mut dyn Ask,
) -> Result<SharedImport, Stop> {
    if let Some(module) = said {
        return given(project, new, module);
    }
    let count = new_imports(old, new);
    if count < MANY || new.import.is_some() {
        return Ok(SharedImport::default());
    }
    let common = common_modules(project, new);
    let Some(first) = common.first() else {
        return Ok(SharedImport::default());
    };
    if ask.takes_offers() {
        let module = chosen(count, common, ask)?;
        return Ok(SharedImport { module, hint: None });
    }
    let hint = format!(
        "{count} host modules get an import each; all of them import `{first}`: write `import = \"{first}\"` at the top of `larder.toml` and run `larder sync` for a single one"
    );
    Ok(SharedImport {
        module: None,
        hint: Some(hint),
    })
}

/// True if a single import for many may be offered, or is there already.
pub(super) fn may_be_offered(fleet: &Fleet) -> bool {
    fleet.import.is_some() || fleet.hosts.len() >= MANY
}

fn chosen(
    count: usize,
    mut common: Vec<String>,
    ask: &mut dyn Ask,
) -> Result<Option<String>, Stop> {
    let text = format!("{count} host modules would get an import each; where shall it go?");
    let question = Question {
        text: &text,
        flag: "--import PATH",
        why: "A module that all of these hosts import needs one line; else each host's own module gets one. What it imports is empty for any other host.",
    };
    let each = "into each host's own module".to_owned();
    let shared = common
        .iter()
        .map(|path| format!("once, into `{path}`, which all of them import"));
    let options: Vec<String> = [each].into_iter().chain(shared).collect();
    let chosen = ask.choose(question, &options, 0)?;
    Ok(chosen.checked_sub(1).map(|at| common.swap_remove(at)))
}

/// How many host modules have no import yet.
fn new_imports(old: &Fleet, new: &Fleet) -> usize {
    let had: BTreeSet<_> = wiring::imports(old).into_iter().collect();
    let wants = wiring::imports(new).into_iter();
    let hosts = wants.filter(|import| !had.contains(import));
    let modules = hosts.filter_map(|(name, _)| new.hosts.get(&name)?.module.as_ref());
    modules.collect::<BTreeSet<_>>().len()
}

/// The modules that all hosts import that have or use a cache, as far as can be
/// read; none if one of them is not sure to be known by its name.
fn common_modules(project: &Project, fleet: &Fleet) -> Vec<String> {
    let (repo, survey) = (project.repo(), project.host_survey());
    let mut common: Option<Vec<RepoPath>> = None;
    for host in wired_hosts(fleet) {
        let machine = survey.machine(host);
        let Some(machine) = machine.filter(|machine| is_named_alike(machine, host) == Some(true))
        else {
            return Vec::new();
        };
        let files: Vec<RepoPath> = machine.files().cloned().collect();
        match &mut common {
            Some(common) => common.retain(|file| files.contains(file)),
            None => common = Some(files),
        }
        if common.as_ref().is_some_and(Vec::is_empty) {
            return Vec::new();
        }
    }
    let own = fleet
        .hosts
        .values()
        .filter_map(|host| host.module.as_deref());
    let own: BTreeSet<RepoPath> = own.filter_map(|path| repo.path(path)).collect();
    let common = common.unwrap_or_default().into_iter();
    let usable = common.filter(|file| !own.contains(file) && is_module(repo, file));
    usable.map(|file| repo.shown(&file)).collect()
}

fn wired_hosts(fleet: &Fleet) -> impl Iterator<Item = &Host> {
    let names = wiring::imports(fleet).into_iter();
    names.filter_map(|(name, _)| fleet.hosts.get(&name))
}

/// The common module tells its hosts apart by `networking.hostName`; `None`: not said
/// in the files that can be read.
fn is_named_alike(machine: &Machine, host: &Host) -> Option<bool> {
    let all = machine.all("networking.hostName");
    let mut names = all.iter().filter_map(|hit| hit.value.text());
    names.next().map(|name| name == host.name.as_str())
}

fn is_module(repo: &Repo, file: &RepoPath) -> bool {
    let file = repo.nix(file).and_then(Result::ok);
    file.is_some_and(|file| Scope::module(&file).is_ok())
}

/// The module of the command line, unless it is sure not to be all hosts'.
fn given(project: &Project, fleet: &Fleet, module: &str) -> Result<SharedImport, Stop> {
    let (repo, survey) = (project.repo(), project.host_survey());
    let path = repo.path(module).filter(|path| repo.exists(path));
    let path = path.ok_or_else(|| {
        Diagnostic::error("file-missing", format!("there is no file `{module}`"))
            .about(module)
            .help("name it relative to the flake's folder")
    })?;
    for host in wired_hosts(fleet) {
        let Some(machine) = survey.machine(host) else {
            continue;
        };
        let has_it = machine.may_have_more_files() || machine.files().any(|file| *file == path);
        if !has_it {
            return Err(not_its(module, host, "does not import it"));
        }
        if is_named_alike(&machine, host) == Some(false) {
            return Err(not_its(module, host, "has another `networking.hostName`"));
        }
    }
    Ok(SharedImport {
        module: Some(repo.shown(&path)),
        hint: None,
    })
}

fn not_its(module: &str, host: &Host, why: &str) -> Stop {
    let name = &host.name;
    let said = format!("`{module}` cannot import for all hosts: `{name}` {why}");
    Diagnostic::error("import-not-shared", said)
        .about(module)
        .help("without `--import` each host's own module gets an import")
        .into()
}
