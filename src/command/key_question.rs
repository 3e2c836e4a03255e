//! Asks a person for the SSH host key of a machine: what can be found is offered first.

use super::{Ask, Question, answers, pasted_key};
use crate::diagnostic::Stop;
use crate::fleet::Host;
use crate::key::PublicKey;

/// The answer that leaves the key for later.
const LATER: &str = "later";
/// The answer that asks the machine over the network.
const SCAN: &str = "scan";
/// The answer that asks for a reason.
const WHY: &str = "?";

/// Where NixOS has it.
const HOST_KEY: &str = "/etc/ssh/ssh_host_ed25519_key.pub";

/// What is asked about a host.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeyQuestion<'a> {
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
        loop {
            if let Some(key) = self.answer(ask, None)? {
                return Ok(key);
            }
        }
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
            "the SSH host key of `{}`, its {HOST_KEY} (paste it, a file, `{SCAN}` or `{WHY}`)",
            self.host.name
        );
        let (text, flag) = (text.as_str(), self.flag);
        loop {
            let line = ask.line(Question { text, flag }, default, &|_| Ok(()))?;
            let read = match line.as_str() {
                WHY => {
                    self.explain(ask)?;
                    continue;
                }
                LATER if default.is_some() => return Ok(None),
                SCAN => answers::scanned_key(ask, self.host, None),
                line => pasted_key::ssh(ask, line),
            };
            match read {
                Ok(key) => return Ok(Some(key)),
                Err(stop) if ask.has_person() => ask.reject(stop.diagnostics())?,
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
            None => match self.known(ask) {
                Some(text) => (text, "your known hosts have a key of"),
                None => return Ok(None),
            },
        };
        let Ok(key) = pasted_key::ssh(ask, &text) else {
            return Ok(None);
        };
        let (name, shown) = (&self.host.name, key.fingerprint());
        let text = format!("{place} `{name}`; take its host key {shown}?");
        let (text, flag) = (text.as_str(), self.flag);
        Ok(ask.confirm(Question { text, flag }, true)?.then_some(key))
    }

    /// What known hosts have, under its address or its name.
    fn known(&self, ask: &mut dyn Ask) -> Option<String> {
        let port = self.host.port.unwrap_or(22);
        let address = self.host.address().to_string();
        let by_address = ask.known_host(&address, port);
        by_address.or_else(|| ask.known_host(self.host.name.as_str(), port))
    }

    fn explain(&self, ask: &mut dyn Ask) -> Result<(), Stop> {
        ask.say(self.why)?;
        ask.say(&format!(
            "On `{name}` it is in {HOST_KEY}; `{SCAN}` asks `{address}` \
             for it with ssh-keyscan, and you compare the fingerprint.",
            name = self.host.name,
            address = self.host.address()
        ))
    }
}
