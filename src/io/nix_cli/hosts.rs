//! The evaluated settings of hosts: a few hosts at a time, each in a process of its own.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use super::NixCli;
use super::error::NixError;
use crate::diagnostic::Stop;
use crate::fleet::HostName;
use crate::lint::{Answer, Answers};
use crate::nix::Literal;

const SETTINGS: &str = include_str!("settings.nix");

/// How many hosts are evaluated at once. Each takes some hundred megabytes of memory.
const PARALLEL_HOSTS: usize = 2;

impl NixCli {
    /// Evaluates the settings of these hosts. `progress` receives a line for each host that
    /// begins.
    ///
    /// # Errors
    /// When no host can be evaluated: Nix is not installed, or an input is missing.
    pub fn settings(
        &self,
        hosts: &[&HostName],
        progress: &(dyn Fn(&str) + Sync),
    ) -> Result<Answers, Stop> {
        self.answers(for_each(hosts, progress, |host| self.settings_of(host)))
    }

    /// As [`NixCli::settings`]; a host whose system does not evaluate, assertions and all,
    /// has failed.
    ///
    /// # Errors
    /// As [`NixCli::settings`].
    pub fn systems(
        &self,
        hosts: &[&HostName],
        progress: &(dyn Fn(&str) + Sync),
    ) -> Result<Answers, Stop> {
        self.answers(for_each(hosts, progress, |host| {
            let settings = self.settings_of(host)?;
            match settings {
                Answer::Settings(_) => self.evaluate_system(host).map(|()| settings),
                _ => Ok(settings),
            }
        }))
    }

    fn answers(
        &self,
        by_host: BTreeMap<&HostName, Result<Answer, NixError>>,
    ) -> Result<Answers, Stop> {
        let by_host = by_host.into_iter();
        by_host
            .map(|(host, answer)| Ok((host.clone(), self.host_answer(answer)?)))
            .collect()
    }

    /// An error that affects every host stops; any other is the answer for this host.
    fn host_answer(&self, answer: Result<Answer, NixError>) -> Result<Answer, Stop> {
        match answer {
            Ok(answer) => Ok(answer),
            Err(error) if error.affects_every_question() => Err(error.stop(self.bounds)),
            Err(error) => {
                let error = match self.store_path() {
                    Ok(store_path) => error.with_relative_paths(&store_path),
                    Err(_) => error,
                };
                Ok(Answer::Failed {
                    has_trace: error.has_trace(),
                    why: error.diagnostic(self.bounds),
                })
            }
        }
    }

    /// The settings of one host, without its warnings if these fail: they come from all
    /// modules, and their evaluation may need what the other settings do not.
    fn settings_of(&self, host: &HostName) -> Result<Answer, NixError> {
        match self.evaluate(host, true) {
            Err(NixError::WouldBuild(_) | NixError::EvaluationFailed(_)) => {
                self.evaluate(host, false)
            }
            evaluated => evaluated,
        }
    }

    /// A system that would have to be built to be evaluated is not known to be wrong.
    fn evaluate_system(&self, host: &HostName) -> Result<(), NixError> {
        match self.ask_for_system(host) {
            Ok(_) | Err(NixError::WouldBuild(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The file of the derivation of a host's system, which Nix has put into the store.
    ///
    /// # Errors
    /// When the system does not evaluate.
    pub fn system_derivation(&self, host: &HostName) -> Result<String, Stop> {
        let answer = self.ask_for_system(host);
        let path = answer.and_then(|it| {
            let path = it.as_str().map(str::to_owned);
            path.ok_or(NixError::UnexpectedAnswer)
        });
        path.map_err(|error| self.stop(error))
    }

    fn ask_for_system(&self, host: &HostName) -> Result<Value, NixError> {
        let name = Literal::string(host);
        let function = format!(
            "hosts: builtins.unsafeDiscardStringContext \
             hosts.${{{name}}}.config.system.build.toplevel.drvPath"
        );
        self.configurations(&function)
    }

    fn evaluate(&self, host: &HostName, with_warnings: bool) -> Result<Answer, NixError> {
        let arguments = Literal::set([
            ("name", Literal::string(host)),
            ("withWarnings", Literal::bool(with_warnings)),
        ]);
        let json = self.configurations(&format!("({SETTINGS}) {arguments}"))?;
        Answer::read(json).map_err(|_| NixError::UnexpectedAnswer)
    }
}

/// Asks about each name, a few at once. Stops after an error that affects every question.
pub(super) fn for_each<'a, N: Ord + Sync + Display + ?Sized, A: Send>(
    names: &[&'a N],
    progress: &(dyn Fn(&str) + Sync),
    ask: impl Fn(&N) -> Result<A, NixError> + Sync,
) -> BTreeMap<&'a N, Result<A, NixError>> {
    let queue = Mutex::new(names.iter().copied().enumerate());
    let is_over = AtomicBool::new(false);
    let answers = Mutex::new(BTreeMap::new());
    // Reported under the lock of the queue, so that the numbers are in order.
    let next = || {
        let mut queue = queue.lock().ok()?;
        let (at, name) = queue.next()?;
        let (number, count) = (at + 1, names.len());
        progress(&format!("asking Nix about `{name}` ({number} of {count})"));
        Some(name)
    };
    let work = || {
        while !is_over.load(Ordering::Relaxed) {
            let Some(name) = next() else { return };
            let answer = ask(name);
            let is_last = answer.as_ref().is_err_and(NixError::affects_every_question);
            is_over.fetch_or(is_last, Ordering::Relaxed);
            if let Ok(mut answers) = answers.lock() {
                answers.insert(name, answer);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..PARALLEL_HOSTS {
            scope.spawn(work);
        }
    });
    answers.into_inner().unwrap_or_default()
}
