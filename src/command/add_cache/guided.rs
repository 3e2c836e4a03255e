//! What `add-cache` asks a person about a new cache. Each answer is what a flag would say.

use super::with_cache::with_cache;
use crate::command::host_keys::HostKeys;
use crate::command::key_question::{KeyQuestion, UseOfKey};
use crate::command::{Ask, Question, answers};
use crate::diagnostic::Stop;
use crate::fleet::{Address, Cache, Fleet, Host, HostName, Identity, Selector};

/// Asks for the host keys with which clients log in, and which are not known.
pub(super) fn host_keys(
    fleet: &Fleet,
    cache: &Cache,
    keys: &mut HostKeys,
    ask: &mut dyn Ask,
) -> Result<(), Stop> {
    for client in keyless(fleet, cache) {
        let why = format!(
            "`{}` logs in at `{}` with its SSH host key, so the cache has to know it. Until \
             then it does not use the cache.",
            client.name, cache.host
        );
        let flag = format!("--host-key {}=KEY|FILE", client.name);
        let question = KeyQuestion {
            fleet: &keys.applied(fleet),
            use_of_key: UseOfKey::Login,
            host: &client,
            why: &why,
            flag: &flag,
        };
        if let Some(key) = question.ask_or_later(ask)? {
            keys.add(fleet, &client.name, key)?;
        }
    }
    Ok(())
}

/// True if a person can be asked for each that is still missing; many come later.
pub(super) fn are_few(fleet: &Fleet, cache: &Cache) -> bool {
    const FEW: usize = 3;
    keyless(fleet, cache).len() <= FEW
}

/// The clients that log in with their host keys, and whose host keys are not known.
pub(super) fn keyless(fleet: &Fleet, cache: &Cache) -> Vec<Host> {
    let fleet = with_cache(fleet, cache);
    let lacks_key = |client: &&Host| {
        let identity = fleet.identity(cache, client);
        *identity == Identity::HostKey && identity.public_key(client).is_none()
    };
    fleet.clients(cache).filter(lacks_key).cloned().collect()
}

/// Who uses the cache; where there is only one other host, nobody need be asked.
pub(super) fn clients(
    fleet: &Fleet,
    server: &Host,
    ask: &mut dyn Ask,
) -> Result<Vec<Selector>, Stop> {
    let hosts = fleet.hosts.values().filter(|host| host.name != server.name);
    let hosts: Vec<&Host> = hosts.collect();
    if hosts.len() < 2 {
        return Ok(vec![Selector::All]);
    }
    let mut tags: Vec<_> = hosts.iter().flat_map(|host| &host.tags).collect();
    tags.sort();
    tags.dedup();
    let tags = tags.into_iter().cloned().map(Selector::Tag);
    let named = hosts.iter().map(|host| Selector::Host(host.name.clone()));
    let all: Vec<Selector> = std::iter::once(Selector::All)
        .chain(tags)
        .chain(named)
        .collect();
    let shown: Vec<String> = all.iter().map(ToString::to_string).collect();
    let question = Question {
        text: "which hosts use it? (space ticks)",
        flag: "--client HOST|@TAG|@all",
        why: "Each of them asks the cache before it builds something, and gets one import. `@all` is every host of the inventory, also those that come later.",
    };
    let ticked = loop {
        let ticked = ask.choose_many(question, &shown, &[0])?;
        if !ticked.is_empty() {
            break ticked;
        }
        ask.say("A cache needs a client: space ticks one, Enter ends.")?;
    };
    let ticked: Vec<Selector> = ticked
        .into_iter()
        .filter_map(|at| all.get(at).cloned())
        .collect();
    // Whoever ticks a few does not mean all, though that was ticked before.
    let few: Vec<Selector> = ticked
        .iter()
        .filter(|selector| **selector != Selector::All)
        .cloned()
        .collect();
    Ok(if few.is_empty() { ticked } else { few })
}

/// Whether the clients are on its local network.
pub(super) fn is_near(server: &HostName, ask: &mut dyn Ask) -> Result<bool, Stop> {
    let text = format!(
        "are the clients on the local network of `{server}`? It is then asked before \
         cache.nixos.org, else after it"
    );
    let question = Question {
        text: &text,
        flag: "--lan` or `--no-lan",
        why: "A cache that is near is worth asking first. From afar it is slower than cache.nixos.org, which then is asked before it.",
    };
    ask.confirm(question, false)
}

/// Its address; `None`: its name.
pub(super) fn address(server: &HostName, ask: &mut dyn Ask) -> Result<Option<Address>, Stop> {
    let text = format!("the name or IP address under which the clients reach `{server}`");
    let question = Question {
        text: &text,
        flag: "--address NAME|IP",
        why: "It is in the store URL, and what the clients' ssh connects to: a name that all of them can resolve, or an address.",
    };
    let said: Address = answers::parsed_line_or(ask, question, Some(server.as_str()))?;
    Ok((said != Address::from(server)).then_some(said))
}
