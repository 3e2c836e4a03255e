//! The text of a new host module.

use crate::diagnostic::{Diagnostic, Stop};
use crate::flake::{self, Discoveries, NewEntry};
use crate::fleet::Host;
use crate::nix::template::{self, Value};
use crate::repo::{FileState, Repo, RepoPath};

/// The module of a host whose platform the flake says.
const PLAIN: &str = include_str!("../../../templates/host-module.nix");
/// That of one which says it itself.
const WITH_PLATFORM: &str = include_str!("../../../templates/host-module-with-platform.nix");

/// The text of a new host module, from its template; where it is an attribute of its
/// file, of the file.
pub(in crate::command) fn host_module(
    host: &Host,
    says_platform: bool,
    repo: &Repo,
    module: &RepoPath,
) -> Result<String, Stop> {
    let text = module_text(host, says_platform, repo, module)?;
    Ok(match &host.within {
        Some(within) => flake::nested(&within.to_string(), &text),
        None => text,
    })
}

/// The same where the file has a place for it.
pub(super) fn module_text(
    host: &Host,
    says_platform: bool,
    repo: &Repo,
    module: &RepoPath,
) -> Result<String, Stop> {
    let name = ("name", Value::String(host.name.to_string()));
    let system = host.system.as_ref().filter(|_| says_platform);
    let text = match system {
        Some(system) => {
            let system = ("system", Value::String(system.to_string()));
            template::render(WITH_PLATFORM, &[name, system])
        }
        None => template::render(PLAIN, &[name]),
    };
    text.map_err(|error| broken_template(&repo.shown(module), &error))
}

fn broken_template(path: &str, error: &template::TemplateError) -> Stop {
    Stop::fault(Diagnostic::error(
        "template-broken",
        format!("the template of `{path}` cannot be filled: {error}"),
    ))
}

/// The text of the file that would be written for a host that is declared in the file of its
/// module, if it were added now.
pub(in crate::command) fn file_of(
    host: &Host,
    says_platform: bool,
    repo: &Repo,
    module: &RepoPath,
) -> Option<String> {
    let without = repo.after([(module.clone(), FileState::Deleted)]);
    let known = Discoveries::default();
    let found = known.discover(&without).ok()?;
    let entry = NewEntry {
        name: host.name.to_string(),
        system: host.system.as_ref().map(ToString::to_string),
        module: repo.shown(module),
        address: host.address.as_ref().map(ToString::to_string),
        ..NewEntry::default()
    };
    let added = flake::add_entry(&without, &known, &found, &entry).ok()?;
    let file = added.file.filter(|file| file.path == *module)?;
    let text = module_text(host, says_platform, repo, module).ok()?;
    Some(file.with_module(&text))
}
