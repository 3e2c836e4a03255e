//! The names of the hosts, and the modules of each.

use serde::Deserialize;

use super::NixCli;
use super::error::NixError;
use super::hosts::for_each;
use crate::diagnostic::Stop;
use crate::flake::{EvaluatedHost, EvaluatedModule};
use crate::nix::Literal;
use crate::repo::RepoPath;
use crate::text::Position;

const MODULES: &str = include_str!("modules.nix");

/// The result of `modules.nix`.
#[derive(Deserialize)]
struct ModulesAnswer {
    modules: Vec<Module>,
    defining: Vec<String>,
}

#[derive(Deserialize)]
struct Module {
    file: String,
    line: Option<usize>,
    column: Option<usize>,
    level: usize,
}

impl NixCli {
    /// The names of `nixosConfigurations`.
    ///
    /// # Errors
    /// When the flake cannot be evaluated.
    pub fn names(&self) -> Result<Vec<String>, Stop> {
        let json = self.configurations("builtins.attrNames");
        let json = json.map_err(|error| self.stop(error))?;
        serde_json::from_value(json).map_err(|_| NixError::UnexpectedAnswer.stop(self.bounds))
    }

    /// The modules of these hosts. `progress` receives a line for each host that begins.
    ///
    /// # Errors
    /// When no host can be evaluated.
    pub fn modules(
        &self,
        hosts: &[&str],
        progress: &(dyn Fn(&str) + Sync),
    ) -> Result<Vec<EvaluatedHost>, Stop> {
        let store_path = self.store_path().map_err(|error| self.stop(error))?;
        let answers = for_each(hosts, progress, |host| self.modules_of(host, &store_path));
        let by_host = answers.into_iter();
        by_host
            .map(|(host, answer)| self.evaluated_host(host, answer))
            .collect()
    }

    /// An error that affects every host stops; any other is the answer for this host.
    fn evaluated_host(
        &self,
        host: &str,
        answer: Result<EvaluatedHost, NixError>,
    ) -> Result<EvaluatedHost, Stop> {
        match answer {
            Ok(modules) => Ok(modules),
            Err(error) if error.affects_every_question() => Err(self.stop(error)),
            Err(error) => Ok(EvaluatedHost {
                name: host.to_owned(),
                why_not: Some(error.diagnostic(self.bounds).message),
                ..EvaluatedHost::default()
            }),
        }
    }

    fn modules_of(&self, host: &str, store_path: &str) -> Result<EvaluatedHost, NixError> {
        let json = match self.modules_json(host, true) {
            // The list of modules evaluates less than the definitions do.
            Err(NixError::WouldBuild(_) | NixError::EvaluationFailed(_)) => {
                self.modules_json(host, false)?
            }
            evaluated => evaluated?,
        };
        let answer: ModulesAnswer =
            serde_json::from_value(json).map_err(|_| NixError::UnexpectedAnswer)?;
        let modules = answer.modules.iter();
        let defining = answer.defining.iter();
        Ok(EvaluatedHost {
            name: host.to_owned(),
            modules: modules.filter_map(|one| module(one, store_path)).collect(),
            defining: defining
                .filter_map(|file| in_repository(file, store_path))
                .collect(),
            why_not: None,
        })
    }

    fn modules_json(
        &self,
        host: &str,
        with_definitions: bool,
    ) -> Result<serde_json::Value, NixError> {
        let arguments = Literal::set([
            ("name", Literal::string(host)),
            ("withDefinitions", Literal::bool(with_definitions)),
        ]);
        self.configurations(&format!("({MODULES}) {arguments}"))
    }
}

fn module(one: &Module, store_path: &str) -> Option<EvaluatedModule> {
    let at = one.line.zip(one.column);
    Some(EvaluatedModule {
        file: in_repository(&one.file, store_path)?,
        at: at.map(|(line, column)| Position { line, column }),
        level: one.level,
    })
}

/// The path in the repository of a file in Nix's copy; `None` for any other file.
fn in_repository(file: &str, store_path: &str) -> Option<RepoPath> {
    RepoPath::new(file.strip_prefix(store_path)?.strip_prefix('/')?)
}
