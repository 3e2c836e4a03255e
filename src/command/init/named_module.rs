//! A module that a person names: a file, or the place in one.

use crate::command::answers;
use crate::diagnostic::{Diagnostic, Stop};
use crate::flake::{Discovery, FoundHost, is_of_the_flake, modules_within};
use crate::nix::{AttrPath, NixFile, Scope};
use crate::repo::{Repo, RepoPath};

/// What stands for "it has no module of its own".
const NONE: &str = "-";

/// Where a host's module is written.
pub(super) struct ModulePlace {
    pub(super) file: RepoPath,
    /// The attribute path in the file, if the file is more than the module.
    pub(super) within: Option<AttrPath>,
}

/// The files of the repository as modules of these hosts.
pub(super) struct ModuleFiles<'a> {
    pub(super) repo: &'a Repo,
    flake: &'a Discovery,
    hosts: Vec<&'a str>,
}

impl<'a> ModuleFiles<'a> {
    pub(super) fn new(
        repo: &'a Repo,
        flake: &'a Discovery,
        hosts: impl Iterator<Item = &'a str>,
    ) -> Self {
        Self {
            repo,
            flake,
            hosts: hosts.collect(),
        }
    }

    /// The hosts that have a file among their modules.
    pub(super) fn sharers(&self, file: &RepoPath) -> Vec<&'a str> {
        let has_it = |host: &&FoundHost| {
            let mut modules = host.modules.iter().filter_map(|module| module.whole_file());
            host.module.as_ref() == Some(file) || modules.any(|one| one == file)
        };
        let hosts = self.flake.hosts.iter().filter(has_it);
        hosts.map(|host| host.name.as_str()).collect()
    }

    /// The module that is named as `PATH`, `PATH:WITHIN` or `-` for none.
    pub(super) fn named(&self, host: &str, said: &str) -> Result<Option<ModulePlace>, Stop> {
        if said == NONE {
            return Ok(None);
        }
        if let Some(file) = self.file(said) {
            return self.in_file(host, said, file).map(Some);
        }
        let parts = said.match_indices(':');
        let mut parts = parts.map(|(at, _)| (&said[..at], &said[at + 1..]));
        let place = parts.find_map(|(path, within)| Some((self.file(path)?, within)));
        let (file, within) = place.ok_or_else(|| no_such_module(said))?;
        let within = answers::attribute_path(within)?;
        if !self.has(&file, &within) {
            return Err(no_such_place(&self.repo.shown(&file), &within));
        }
        Ok(Some(ModulePlace {
            file,
            within: Some(within),
        }))
    }

    fn file(&self, path: &str) -> Option<RepoPath> {
        let place = self.repo.path(path)?;
        if self.repo.exists(&place) {
            return Some(place);
        }
        let default = place.join("default.nix")?;
        self.repo.exists(&default).then_some(default)
    }

    /// The module of a host in a file that was named without a place in it.
    fn in_file(&self, host: &str, said: &str, file: RepoPath) -> Result<ModulePlace, Stop> {
        let known = self.flake.hosts.iter().find(|known| known.name == host);
        let known = known.filter(|known| known.module.as_ref() == Some(&file));
        if let Some(place) = known.map(found).transpose()?.flatten()
            && place.within.is_some()
        {
            return Ok(place);
        }
        let Some(nix) = self
            .nix(&file)
            .filter(|nix| self.is_of_the_flake(&file, nix))
        else {
            return Ok(ModulePlace { file, within: None });
        };
        let mut places = modules_within(&nix, host);
        match places.len() {
            1 => Ok(ModulePlace {
                file,
                within: places.pop(),
            }),
            _ => Err(no_module(host, said, &places)),
        }
    }

    fn is_of_the_flake(&self, file: &RepoPath, nix: &NixFile) -> bool {
        let hosts = self.hosts.iter().copied();
        is_of_the_flake(self.repo, Some(self.flake), file, nix, hosts)
    }

    fn has(&self, file: &RepoPath, within: &AttrPath) -> bool {
        self.nix(file).is_some_and(|nix| {
            Scope::of_modules(&nix, within).is_some() || Scope::nested(&nix, within).is_ok()
        })
    }

    fn nix(&self, file: &RepoPath) -> Option<NixFile> {
        self.repo.nix(file).and_then(Result::ok)
    }
}

/// The module that discovery found.
pub(super) fn found(host: &FoundHost) -> Result<Option<ModulePlace>, Stop> {
    let Some(file) = host.module.clone() else {
        return Ok(None);
    };
    let within = host.within.as_deref().map(answers::attribute_path);
    let within = within.transpose()?;
    Ok(Some(ModulePlace { file, within }))
}

fn no_such_module(path: &str) -> Stop {
    Diagnostic::error("file-missing", format!("there is no file `{path}`"))
        .about(path)
        .help("name it relative to the flake's folder")
        .into()
}

fn no_such_place(file: &str, within: &AttrPath) -> Stop {
    let message = format!("`{file}` has no module at `{within}`");
    Diagnostic::error("module-missing", message)
        .about(file)
        .help("name the attribute path of a module, as it is written in the file")
        .into()
}

/// A file of the flake's own, in which the host's module is not, or more than one is.
fn no_module(host: &str, file: &str, places: &[AttrPath]) -> Stop {
    let message = format!("`{file}` belongs to the flake itself: it is no module of a machine");
    let mut refusal = Diagnostic::error("module-of-flake", message).about(file);
    for place in places {
        refusal = refusal.help(format!(
            "if it is the module in it: `--module {host}={file}:{place}`"
        ));
    }
    if places.is_empty() {
        refusal = refusal
            .help(format!(
                "name the NixOS module of `{host}`: `--module {host}=PATH`"
            ))
            .help(format!(
                "or where it is in the file: `--module {host}={file}:ATTRIBUTE.PATH`"
            ));
    }
    refusal.into()
}
