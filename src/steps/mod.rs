//! What a person has to do next, so that the wiring works: bring a key in, switch a machine,
//! sign what was built before. Worked out from the inventory before a change and after it.
//!
//! The order is part of the value. A cache lets a client in only once it is switched, so
//! caches come before their clients; where a cache goes, its clients leave first.
//!
//! Absent on purpose: whether a step has been done. The inventory does not know it.

mod elsewhere;
mod engine;
mod install;
mod jump;
mod own_keys;
mod prove;
mod reach;
mod role;
mod rotate;
mod secret;
mod set_key;
mod sign;
mod switch;
mod update;

use std::collections::HashSet;

use serde::Serialize;

pub use self::elsewhere::key_of as key_of_external;
pub use self::engine::changes_of_engines;
pub use self::install::{identity_to_clients, signing_key_to_server};
pub use self::rotate::{
    after_withdrawal, bring_in_new, bring_in_secret, delete_new, delete_old, go_on,
    new_public_file, private_file, put_in_place,
};
pub use self::secret::encrypt;
pub use self::set_key::{of_cache as keys_of_cache, of_host as keys_of_host};
pub use self::sign::{anew as sign_anew, what_was_built as sign_what_was_built};
pub use self::switch::{after_sync, behind, between, rewired, to_new_name};
pub use self::update::command as switch_command;

use crate::fleet::HostName;
use crate::text::{shell_word, some_quoted};

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Step {
    /// When, among the others.
    #[serde(skip)]
    moment: Moment,
    /// What kind of work it is.
    pub action: StepKind,
    /// The machines that it concerns.
    pub hosts: Vec<HostName>,
    /// What is to be done and what for, in words.
    pub text: String,
    /// What to type: for a switch on the machine itself, else here. `.` is the flake's folder.
    pub commands: Vec<String>,
}

/// The kinds of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// Put a private key that larder made onto a machine.
    InstallKey,
    /// Write a public key into the inventory.
    SetKey,
    /// Let a client log in at a jump host.
    LetIn,
    /// Make a machine run its new configuration.
    Switch,
    /// Write the half of a client on a machine that the flake does not define.
    Export,
    /// Sign what a cache built before it had its key.
    Sign,
    /// Take the next step in the change of a key.
    Rotate,
    /// End what a cache serves besides, while its clients change.
    EndChange,
    /// Delete a private key that is no longer needed.
    DeleteKey,
    /// See on the machines that a client fetches.
    Prove,
}

/// The order of steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Moment {
    /// What all else builds on.
    First,
    /// Keys that are there already: with them one switch of each machine is enough.
    KeysAtHand,
    /// A cache is about to end: nobody asks it any more.
    ClientsLeave,
    /// Caches, and machines that make a key of their own at the switch.
    Servers,
    /// What the switched machines have made.
    KeysMade,
    /// What a new key has signed is known to the cache itself only.
    KeysSigned,
    Clients,
    ServersLeave,
    /// When the machines are as they are to be.
    Proof,
    /// All else is done.
    Last,
}

/// More machines than these, and one command stands for all.
const COMMANDS: usize = 4;

/// The steps, first things first, each once.
#[must_use]
pub fn in_order(mut steps: Vec<Step>) -> Vec<Step> {
    let mut seen = HashSet::new();
    steps.retain(|step| seen.insert(step.clone()));
    steps.sort_by_key(|step| step.moment);
    steps
}

/// A command of a step, for who is in another folder than the flake's.
#[must_use]
pub fn command_from(folder: &str, command: &str) -> String {
    let folder = shell_word(folder);
    let in_folder = command.strip_prefix("larder ");
    in_folder.map_or_else(
        || command.replacen("--flake .", &format!("--flake {folder}"), 1),
        |rest| format!("larder -C {folder} {rest}"),
    )
}

/// `a`, `b` and `c`, as code; of very many machines, some. The step's `hosts` are all.
fn names<'a>(hosts: impl IntoIterator<Item = &'a HostName>) -> String {
    some_quoted(hosts)
}

#[cfg(test)]
mod tests;
