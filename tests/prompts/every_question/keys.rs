//! What is asked about keys.

use std::fs;
use std::path::Path;

use super::{Dialogue, Place, agreed, at, host_key, inside, key, line, menu, words, yes_no};
use crate::machines::{self, Machine};
use crate::prompts::{fleet_without_sshd, rotate};

const NEW_KEY: &str = "kalaw-2:6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=";
const LOG_IN: &str = "how do the clients log in?";
const WHY_LOG_IN: &str = "The cache lets in exactly the keys that it knows.";

/// A folder with `repo`, with larder's own ssh on the PATH.
fn reaching(dir: tempfile::TempDir, running: Vec<Machine>) -> Place {
    let environment = vec![("PATH", machines::path(dir.path()))];
    let mut place = inside(dir, environment);
    for machine in running {
        place.needs.push(Box::new(machine));
    }
    place
}

/// `kalaw`, which runs, and `pai`, which is not reached.
fn kalaw_alone() -> (tempfile::TempDir, Machine) {
    let dir = tempfile::tempdir().unwrap();
    let kalaw = Machine::start(dir.path(), "kalaw");
    let hosts = [("kalaw", machines::at(&kalaw)), ("pai", String::new())];
    machines::fleet(dir.path(), &hosts, "");
    (dir, kalaw)
}

/// A cache of which all is known but its host key.
fn without_its_host_key() -> Vec<String> {
    let (pai, signing) = (host_key("pai"), key("kalaw.signing"));
    let args = ["add-cache", "kalaw", "--lan", "--signing-key", &signing];
    words(&[&args[..], &["--host-key", &pai]].concat())
}

const WHY_PINNED: &str = "without it root's ssh would ask a question in the middle of a build";

pub(super) fn many_are_looked_for() -> Dialogue {
    Dialogue {
        place: || {
            let dir = tempfile::tempdir().unwrap();
            let running = ["kalaw", "pai"].map(|name| Machine::start(dir.path(), name));
            let off = machines::free_port();
            let hosts = [
                ("bagan", format!("address = \"127.0.0.1\"\nport = {off}\n")),
                ("kalaw", machines::at(&running[0])),
                ("pai", machines::at(&running[1])),
            ];
            machines::fleet(dir.path(), &hosts, "");
            reaching(dir, running.into())
        },
        args: {
            let signing = key("kalaw.signing");
            let args = ["add-cache", "kalaw", "--client", "@all", "--lan"];
            words(&[&args[..], &["--signing-key", &signing]].concat())
        },
        asked: vec![
            menu(
                "3 machines have no SSH host key in the inventory yet",
                "A cache's clients pin its host key, and a cache has to know",
                "look for all",
            ),
            yes_no(
                "are these the fingerprints of your machines?",
                "The clients trust whoever has these keys",
                "y",
            ),
            menu(LOG_IN, WHY_LOG_IN, "with their SSH host keys, which"),
            line(
                "the SSH host key of `bagan`",
                "with its SSH host key, so the cache has to know it. Until",
                ("nonsense", "`nonsense` is neither"),
                "",
            ),
            agreed(),
        ],
    }
}

pub(super) fn one_is_scanned() -> Dialogue {
    Dialogue {
        place: || {
            let (dir, kalaw) = kalaw_alone();
            reaching(dir, vec![kalaw])
        },
        args: without_its_host_key(),
        asked: vec![
            line(
                "the SSH host key of `kalaw`",
                WHY_PINNED,
                ("later", "`later` is neither"),
                "scan",
            ),
            yes_no(
                "is that it?",
                "The clients will trust whoever has this key.",
                "y",
            ),
            agreed(),
        ],
    }
}

pub(super) fn one_is_in_known_hosts() -> Dialogue {
    Dialogue {
        place: || {
            let (dir, kalaw) = kalaw_alone();
            let home = dir.path().to_owned();
            known_hosts(&home, &kalaw.known_host());
            let mut place = reaching(dir, vec![kalaw]);
            let home = home.display().to_string();
            place.environment.push(("HOME", home));
            place
        },
        args: without_its_host_key(),
        asked: vec![
            yes_no("your known hosts have a key of `kalaw`", WHY_PINNED, "y"),
            agreed(),
        ],
    }
}

fn known_hosts(home: &Path, text: &str) {
    fs::create_dir(home.join(".ssh")).unwrap();
    fs::write(home.join(".ssh/known_hosts"), text).unwrap();
}

pub(super) fn one_is_set() -> Dialogue {
    Dialogue {
        place: || at(fleet_without_sshd()),
        args: words(&["keys", "set"]),
        asked: vec![
            menu(
                "whose key?",
                "A machine whose key the fleet needs and does not know yet",
                "pai",
            ),
            line(
                "host key or signing key of `pai`",
                "The half that may be known: for a host key",
                ("nonsense", "`nonsense` is neither"),
                &key("pai.pub"),
            ),
            agreed(),
        ],
    }
}

pub(super) fn all_are_scanned() -> Dialogue {
    Dialogue {
        place: || {
            let dir = tempfile::tempdir().unwrap();
            let kalaw = Machine::start(dir.path(), "kalaw");
            let hosts = [("kalaw", machines::at(&kalaw)), ("pai", String::new())];
            let cache = "\n[caches.kalaw]\nclients = [\"@all\"]\n";
            machines::fleet(dir.path(), &hosts, cache);
            reaching(dir, vec![kalaw])
        },
        args: words(&["keys", "scan", "kalaw"]),
        asked: vec![yes_no(
            "have you compared the fingerprints, and apply these changes?",
            "Whoever has these keys is let in, or trusted",
            "y",
        )],
    }
}

pub(super) fn one_is_changed() -> Dialogue {
    Dialogue {
        place: || {
            let dir = tempfile::tempdir().unwrap();
            rotate::without_the_new_key(dir.path());
            reaching(dir, Vec::new())
        },
        args: words(&["rotate", "signing-key"]),
        asked: vec![
            menu(
                "whose key?",
                "The host or the cache whose key changes",
                "kalaw",
            ),
            line(
                "the new public signing key of `kalaw`",
                "The half that may be known. The secret half stays",
                ("nonsense", "`nonsense` is neither"),
                NEW_KEY,
            ),
            agreed(),
        ],
    }
}

pub(super) fn a_step_is_in_force() -> Dialogue {
    Dialogue {
        place: || {
            let dir = tempfile::tempdir().unwrap();
            rotate::begun(dir.path());
            reaching(dir, Vec::new())
        },
        args: words(&["rotate", "signing-key", "kalaw"]),
        asked: vec![
            yes_no(
                "is the step before in force on",
                "The next step takes the old key away.",
                "y",
            ),
            agreed(),
        ],
    }
}
