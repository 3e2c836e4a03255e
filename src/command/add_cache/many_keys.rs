//! Several host keys that a new cache needs: one search, one table, one question.

use super::guided;
use super::with_cache::with_cache;
use crate::command::host_key_search::{self, FoundKey, Search};
use crate::command::host_keys::HostKeys;
use crate::command::sshd::HostSshd;
use crate::command::{Ask, Question};
use crate::diagnostic::Stop;
use crate::fleet::{Cache, Fleet, Host};
use crate::plan::ShownKey;
use crate::project::Project;

/// Fewer are asked for one by one, with what is known of each.
const MANY: usize = 3;
/// The flag that answers beforehand.
const FLAG: &str = "--host-key HOST=KEY|FILE";

/// Looks for the keys of the serving host, as `reached` has it, and of the clients that may
/// have one. True: a person has let it look.
///
/// # Errors
/// When the person breaks off, or nothing can be asked.
pub(super) fn find(
    project: &Project,
    fleet: &Fleet,
    cache: &Cache,
    reached: &Host,
    keys: &mut HostKeys,
    ask: &mut dyn Ask,
) -> Result<bool, Stop> {
    let mut fleet = with_cache(fleet, cache);
    fleet.hosts.insert(reached.name.clone(), reached.clone());
    let server = reached.host_key.is_none().then(|| reached.clone());
    let clients = guided::keyless(&fleet, cache).into_iter();
    let clients = clients.filter(|host| HostSshd::of(project, &fleet, host).may_be_on());
    let wanted: Vec<Host> = server.into_iter().chain(clients).collect();
    if wanted.len() < MANY || !looks(&wanted, ask)? {
        return Ok(false);
    }
    let wanted: Vec<&Host> = wanted.iter().collect();
    let search = host_key_search::search(project, &fleet, &wanted, ask)?;
    if !accepts(&search, ask)? {
        return Ok(false);
    }
    for found in search.found {
        keys.add(&fleet, &found.host, found.key)?;
    }
    Ok(true)
}

/// Whether larder is to look for them.
fn looks(hosts: &[Host], ask: &mut dyn Ask) -> Result<bool, Stop> {
    let count = hosts.len();
    let text = format!("{count} machines have no SSH host key in the inventory yet");
    let question = Question {
        text: &text,
        flag: FLAG,
        why: "A cache's clients pin its host key, and a cache has to know the host key of each client that logs in with it. A key that nobody compared trusts whoever answered.",
    };
    let ways = [
        "look for all of them: this machine, the repository, your known hosts, then ssh-keyscan",
        "one by one: paste each, name a file, or leave it for later",
    ];
    Ok(ask.choose(question, &ways.map(str::to_owned), 0)? == 0)
}

/// Why a key is compared.
const COMPARED: &str = "The clients trust whoever has these keys, and the cache lets them in. \
    `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` on each machine prints its own.";

/// Shows what was found, and asks once.
fn accepts(search: &Search, ask: &mut dyn Ask) -> Result<bool, Stop> {
    let shown: Vec<ShownKey> = search.found.iter().map(FoundKey::shown).collect();
    if !shown.is_empty() {
        for line in ShownKey::table(&shown).lines() {
            ask.say(line)?;
        }
    }
    for (host, why) in &search.missing {
        ask.say(&format!("`{host}` not found: {why}"))?;
    }
    if shown.is_empty() {
        return Ok(true);
    }
    let is_scanned = shown.iter().any(|key| !key.is_confirmed);
    let text = if is_scanned {
        "some came over the network: are these the fingerprints of your machines?"
    } else {
        "take these keys?"
    };
    ask.confirm(
        Question {
            text,
            flag: FLAG,
            why: COMPARED,
        },
        !is_scanned,
    )
}
