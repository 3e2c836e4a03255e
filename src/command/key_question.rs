//! Asks a person for the SSH host key of a machine: what can be found is offered first.

use super::{Ask, Question, answers, host_key_search, host_keys, pasted_key};
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{Fleet, HOST_KEY_PUB, Host};
use crate::key::PublicKey;

/// The answer that leaves the key for later.
const LATER: &str = "later";
/// The answer that asks the machine over the network.
const SCAN: &str = "scan";

/// What a host key is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UseOfKey {
    /// Clients pin it, of whatever type it is.
    Pin,
    /// The host logs in with it: that takes an ed25519 key.
    Login,
}

/// What is asked about a host.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeyQuestion<'a> {
    /// The fleet so far: no two of its hosts have one key.
    pub(super) fleet: &'a Fleet,
    /// What the key is for.
    pub(super) use_of_key: UseOfKey,
    /// Whose key.
    pub(super) host: &'a Host,
    /// What it is needed for, as one sentence.
    pub(super) why: &'a str,
    /// The flag that answers beforehand.
    pub(super) flag: &'a str,
}

impl KeyQuestion<'_> {
    /// The key.
    ///
    /// # Errors
    /// When nobody can be asked, or the person breaks off.
    pub(super) fn ask(&self, ask: &mut dyn Ask) -> Result<PublicKey, Stop> {
        let (text, flag) = ("its SSH host key", self.flag);
        // Without a default, `later` is no answer.
        let key = self.answer(ask, None)?;
        let why = self.why;
        key.ok_or_else(|| Question { text, flag, why }.unanswered())
    }

    /// The key; `None`: it is to come later.
    ///
    /// # Errors
    /// As [`KeyQuestion::ask`].
    pub(super) fn ask_or_later(&self, ask: &mut dyn Ask) -> Result<Option<PublicKey>, Stop> {
        self.answer(ask, Some(LATER))
    }

    fn answer(&self, ask: &mut dyn Ask, default: Option<&str>) -> Result<Option<PublicKey>, Stop> {
        if let Some(key) = self.found(ask)? {
            return Ok(Some(key));
        }
        let text = format!(
            "the SSH host key of `{}`, its {HOST_KEY_PUB} (paste it, a file, `{SCAN}` or `?`)",
            self.host.name
        );
        let (text, why, flag) = (text.as_str(), self.explanation(), self.flag);
        let why = why.as_str();
        loop {
            let line = ask.line(Question { text, flag, why }, default, &|_| Ok(()))?;
            let read = match line.as_str() {
                LATER if default.is_some() => return Ok(None),
                SCAN => host_key_search::scanned_key(ask, self.host, None),
                line => pasted_key::ssh_of(ask, line, self.host),
            };
            match read.and_then(|key| self.usable(key)) {
                Ok(key) => return Ok(Some(key)),
                Err(stop) if answers::may_be_mended(ask, &stop) => {
                    ask.reject(stop.diagnostics())?;
                }
                Err(stop) => return Err(stop),
            }
        }
    }

    /// A key that this machine knows, if the person takes it.
    fn found(&self, ask: &mut dyn Ask) -> Result<Option<PublicKey>, Stop> {
        if !ask.has_person() {
            return Ok(None);
        }
        let own = ask.this_machine();
        let own = own.filter(|machine| machine.name == self.host.name.as_str());
        let (text, place) = match own {
            Some(machine) => (machine.host_key, "this machine is"),
            None => match host_key_search::known_line(ask, self.host) {
                Some(text) => (text, "your known hosts have a key of"),
                None => return Ok(None),
            },
        };
        let key = pasted_key::ssh(ask, &text).and_then(|key| self.usable(key));
        let Ok(key) = key else {
            return Ok(None);
        };
        let (name, shown) = (&self.host.name, key.fingerprint());
        let text = format!("{place} `{name}`; take its host key {shown}?");
        let (text, flag) = (text.as_str(), self.flag);
        let why = self.why;
        Ok(ask
            .confirm(Question { text, flag, why }, true)?
            .then_some(key))
    }

    /// The key, if it can be used for this.
    fn usable(&self, key: PublicKey) -> Result<PublicKey, Stop> {
        host_keys::refuse_anothers(self.fleet, &self.host.name, &key)?;
        let with_it = Host {
            host_key: Some(key.clone()),
            ..self.host.clone()
        };
        match with_it.why_no_identity() {
            Some(why) if self.use_of_key == UseOfKey::Login => {
                let message = format!("`{}` could not log in with it: {why}", self.host.name);
                Err(Diagnostic::error("identity-unknown", message).into())
            }
            _ => Ok(key),
        }
    }

    /// Why it is asked, and where the key is.
    fn explanation(&self) -> String {
        format!(
            "{why} On `{name}` it is in {HOST_KEY_PUB}; `{SCAN}` asks `{address}` for it with \
             ssh-keyscan, and you compare the fingerprint.",
            why = self.why,
            name = self.host.name,
            address = self.host.address()
        )
    }
}
