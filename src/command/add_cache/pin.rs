//! The SSH host key of a cache, which its clients pin.

use crate::command::Ask;
use crate::command::host_keys::HostKeys;
use crate::command::key_question::{KeyQuestion, UseOfKey};
use crate::diagnostic::Stop;
use crate::fleet::{Fleet, Host};

/// Asks for the host key, where it is not known.
pub(super) fn require_pin(
    fleet: &Fleet,
    host: &Host,
    ask: &mut dyn Ask,
    keys: &mut HostKeys,
) -> Result<(), Stop> {
    if fleet.require_host(&host.name)?.host_key.is_some() {
        return Ok(());
    }
    let why = format!(
        "The clients pin the SSH host key of `{}`: without it root's ssh would ask a \
         question in the middle of a build, or trust whoever answers.",
        host.name
    );
    let flag = format!("--host-key {}=KEY|FILE", host.name);
    let question = KeyQuestion {
        fleet,
        use_of_key: UseOfKey::Pin,
        host,
        why: &why,
        flag: &flag,
    };
    let key = question.ask(ask)?;
    keys.add(fleet, &host.name, key)
}
