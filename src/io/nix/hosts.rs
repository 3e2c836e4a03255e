//! What hosts' settings come to: a few hosts at a time, each in its own process.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Nix;
use super::trouble::Trouble;
use crate::diagnostic::Stop;
use crate::fleet::HostName;
use crate::lint::{Answer, Answers};
use crate::nix::Literal;

const SETTINGS: &str = include_str!("settings.nix");

/// How many hosts are evaluated at once. One takes some hundred megabytes.
const AT_ONCE: usize = 2;

impl Nix {
    /// The settings of these hosts; `tell` hears which one it is about now.
    ///
    /// # Errors
    /// When no host can be asked about: no Nix, an input that is not there.
    pub fn settings(
        &self,
        hosts: &[&HostName],
        tell: &(dyn Fn(&str) + Sync),
    ) -> Result<Answers, Stop> {
        let answers = for_each(hosts, tell, |host| self.of_host(host));
        let named = answers.into_iter();
        named
            .map(|(host, answer)| Ok((host.clone(), self.judged(answer)?)))
            .collect()
    }

    /// What is the same for every host stops; the rest is said of the host.
    fn judged(&self, answer: Result<Answer, Trouble>) -> Result<Answer, Stop> {
        match answer {
            Ok(answer) => Ok(answer),
            Err(trouble) if trouble.is_general() => Err(trouble.stop(self.bounds)),
            Err(trouble) => {
                let trouble = match self.source() {
                    Ok(source) => trouble.seen_from(&source),
                    Err(_) => trouble,
                };
                Ok(Answer::Failed {
                    has_trace: trouble.has_trace(),
                    why: trouble.diagnostic(self.bounds),
                })
            }
        }
    }

    /// A configuration's warnings are those of all its modules, and to look at them
    /// may need what its other settings do not: they can be done without.
    fn of_host(&self, host: &HostName) -> Result<Answer, Trouble> {
        match self.answer(host, true) {
            Err(Trouble::Builds(_) | Trouble::Failed(_)) => self.answer(host, false),
            answered => answered,
        }
    }

    fn answer(&self, host: &HostName, with_warnings: bool) -> Result<Answer, Trouble> {
        let arguments = Literal::set([
            ("name", Literal::string(host)),
            ("withWarnings", Literal::bool(with_warnings)),
        ]);
        let json = self.configurations(&format!("({SETTINGS}) {arguments}"))?;
        Answer::read(json).map_err(|_| Trouble::Strange)
    }
}

/// Asks about each, a few at once, until one answer is that no other can come.
pub(super) fn for_each<'a, N: Ord + Sync + Display + ?Sized, A: Send>(
    names: &[&'a N],
    tell: &(dyn Fn(&str) + Sync),
    ask: impl Fn(&N) -> Result<A, Trouble> + Sync,
) -> BTreeMap<&'a N, Result<A, Trouble>> {
    let queue = Mutex::new(names.iter().copied().enumerate());
    let is_over = AtomicBool::new(false);
    let answers = Mutex::new(BTreeMap::new());
    // Told while the queue is held: what is read is in the order of the numbers.
    let next = || {
        let mut queue = queue.lock().ok()?;
        let (at, name) = queue.next()?;
        let (number, count) = (at + 1, names.len());
        tell(&format!("asking Nix about `{name}` ({number} of {count})"));
        Some(name)
    };
    let work = || {
        while !is_over.load(Ordering::Relaxed) {
            let Some(name) = next() else { return };
            let answer = ask(name);
            let general = answer.as_ref().is_err_and(Trouble::is_general);
            is_over.fetch_or(general, Ordering::Relaxed);
            if let Ok(mut answers) = answers.lock() {
                answers.insert(name, answer);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(work);
        }
    });
    answers.into_inner().unwrap_or_default()
}
