//! Which hosts there are, and of which modules they are made.

use serde::Deserialize;

use super::Nix;
use super::hosts::for_each;
use super::trouble::Trouble;
use crate::diagnostic::Stop;
use crate::flake::{EvaluatedHost, EvaluatedModule};
use crate::nix::Literal;
use crate::repo::RepoPath;
use crate::text::Position;

const MODULES: &str = include_str!("modules.nix");

/// What `modules.nix` gives.
#[derive(Deserialize)]
struct Answer {
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

impl Nix {
    /// The names of the hosts.
    ///
    /// # Errors
    /// When Nix cannot say.
    pub fn names(&self) -> Result<Vec<String>, Stop> {
        let json = self.configurations("builtins.attrNames");
        let json = json.map_err(|trouble| self.stop(trouble))?;
        serde_json::from_value(json).map_err(|_| Trouble::Strange.stop(self.bounds))
    }

    /// The modules of these hosts; `tell` hears which one it is about now.
    ///
    /// # Errors
    /// When no host can be asked about.
    pub fn modules(
        &self,
        hosts: &[&str],
        tell: &(dyn Fn(&str) + Sync),
    ) -> Result<Vec<EvaluatedHost>, Stop> {
        let source = self.source().map_err(|trouble| self.stop(trouble))?;
        let answers = for_each(hosts, tell, |host| self.modules_of(host, &source));
        let named = answers.into_iter();
        named
            .map(|(host, answer)| self.evaluated(host, answer))
            .collect()
    }

    fn evaluated(
        &self,
        host: &str,
        answer: Result<EvaluatedHost, Trouble>,
    ) -> Result<EvaluatedHost, Stop> {
        match answer {
            Ok(host) => Ok(host),
            Err(trouble) if trouble.is_general() => Err(self.stop(trouble)),
            Err(trouble) => Ok(EvaluatedHost {
                name: host.to_owned(),
                why_not: Some(trouble.diagnostic(self.bounds).message),
                ..EvaluatedHost::default()
            }),
        }
    }

    fn modules_of(&self, host: &str, source: &str) -> Result<EvaluatedHost, Trouble> {
        let json = match self.modules_json(host, true) {
            // The list alone needs less.
            Err(Trouble::Builds(_) | Trouble::Failed(_)) => self.modules_json(host, false)?,
            answered => answered?,
        };
        let answer: Answer = serde_json::from_value(json).map_err(|_| Trouble::Strange)?;
        let modules = answer.modules.iter();
        let defining = answer.defining.iter();
        Ok(EvaluatedHost {
            name: host.to_owned(),
            modules: modules.filter_map(|one| module(one, source)).collect(),
            defining: defining.filter_map(|file| inside(file, source)).collect(),
            why_not: None,
        })
    }

    fn modules_json(
        &self,
        host: &str,
        with_definitions: bool,
    ) -> Result<serde_json::Value, Trouble> {
        let arguments = Literal::set([
            ("name", Literal::string(host)),
            ("withDefinitions", Literal::bool(with_definitions)),
        ]);
        self.configurations(&format!("({MODULES}) {arguments}"))
    }
}

fn module(one: &Module, source: &str) -> Option<EvaluatedModule> {
    let at = one.line.zip(one.column);
    Some(EvaluatedModule {
        file: inside(&one.file, source)?,
        at: at.map(|(line, column)| Position { line, column }),
        level: one.level,
    })
}

/// A file of the repository, by its path in the store.
fn inside(file: &str, source: &str) -> Option<RepoPath> {
    RepoPath::new(file.strip_prefix(source)?.strip_prefix('/')?)
}
