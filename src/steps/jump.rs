//! The hosts on the way to a cache: a client has to know them, and they have to let it in.

use std::collections::BTreeMap;

use super::role::{Role, Using};
use super::{Moment, Step, StepKind, names};
use crate::fleet::{Cache, Fleet, Hop, Host, HostName, ProxyJump};
use crate::key::PublicKey;
use crate::text::shell_word;

/// The login keys of clients that go through a host, for the first time or with another key.
pub(super) fn logins(
    fleet: &Fleet,
    old: &BTreeMap<HostName, Role>,
    new: &BTreeMap<HostName, Role>,
) -> Vec<Step> {
    let mut by_hop: BTreeMap<Hop, Vec<(&HostName, &PublicKey)>> = BTreeMap::new();
    for (name, role) in new {
        let was = old.get(name);
        for (cache, using) in &role.uses {
            let before = was.and_then(|was| was.uses.get(cache));
            for login in logins_of(using).filter(|login| !has(before, login)) {
                let of_hop = by_hop.entry(login.0).or_default();
                if !of_hop.contains(&(name, login.1)) {
                    of_hop.push((name, login.1));
                }
            }
        }
    }
    let steps = by_hop.iter();
    steps
        .map(|(hop, clients)| login(fleet, hop, clients))
        .collect()
}

/// What a line of authorised keys begins with where the key is for passing on alone.
const NOTHING_ELSE: &str = "restrict,port-forwarding";

type Login<'a> = (Hop, &'a PublicKey);

fn logins_of(using: &Using) -> impl Iterator<Item = Login<'_>> {
    let keys = &using.login_keys;
    using
        .hops()
        .flat_map(move |hop| keys.iter().map(move |key| (hop.clone(), key)))
}

fn has(using: Option<&Using>, login: &Login<'_>) -> bool {
    using.is_some_and(|using| logins_of(using).any(|one| one == *login))
}

fn login(fleet: &Fleet, hop: &Hop, clients: &[(&HostName, &PublicKey)]) -> Step {
    let hosts: Vec<HostName> = clients.iter().map(|(name, _)| (*name).clone()).collect();
    let user = hop.user.as_deref().unwrap_or("root");
    let place = format!("`{user}` of the jump host `{}`", hop.address);
    let lines = clients
        .iter()
        .map(|(name, key)| format!("{NOTHING_ELSE} {key} {name}"));
    let option = format!("users.users.{user}.openssh.authorizedKeys.keys");
    let (text, commands) = match fleet.host_of_hop(hop) {
        Some(host) => (
            format!(
                "let {} log in as {place} with its key: in `{option}` of `{}`, which is switched \
                 first",
                names(&hosts),
                host.name
            ),
            Vec::new(),
        ),
        None => (
            format!("let {} log in as {place} with its key", names(&hosts)),
            lines.map(|line| command(hop, &line)).collect(),
        ),
    };
    Step {
        moment: Moment::Servers,
        action: StepKind::LetIn,
        hosts,
        text,
        commands,
    }
}

/// Adds the line, from here, by the user's own ssh.
fn command(hop: &Hop, line: &str) -> String {
    let user = hop.user.iter().map(|user| format!("{user}@"));
    let port = hop.port.iter().map(|port| format!(" -p {port}"));
    format!(
        "echo {} | ssh{} {}{} 'umask 077; mkdir -p .ssh; cat >>.ssh/authorized_keys'",
        shell_word(line),
        port.collect::<String>(),
        user.collect::<String>(),
        hop.address
    )
}

/// What has no name, as an IPv6 address, is known by the inventory alone.
fn scan_or_write(name: &str) -> String {
    match name.parse::<HostName>() {
        Ok(name) => format!("larder keys scan {name}"),
        Err(_) => format!("ssh-keyscan -t ed25519 {name}"),
    }
}

/// The host keys of jump hosts that the clients of a cache do not know.
pub(super) fn unknown(fleet: &Fleet, cache: &Cache, clients: &[&Host]) -> Vec<Step> {
    let mut by_name: BTreeMap<String, Vec<&HostName>> = BTreeMap::new();
    for client in clients.iter().filter(|_| !cache.is_adopted()) {
        let jump = fleet.link(cache, client).proxy_jump;
        for hop in jump.iter().flat_map(ProxyJump::hops) {
            if fleet.hop_keys(&hop).is_empty() {
                let host = fleet.host_of_hop(&hop);
                let name = host.map_or(hop.address.to_string(), |host| host.name.to_string());
                by_name.entry(name).or_default().push(&client.name);
            }
        }
    }
    let steps = by_name.into_iter();
    steps
        .map(|(name, clients)| Step {
            moment: Moment::KeysAtHand,
            action: StepKind::SetKey,
            hosts: clients.iter().map(|name| (*name).clone()).collect(),
            text: format!(
                "bring in the SSH host key of the jump host `{name}`: until then {} may not know \
                 it, and asks `{}` for nothing",
                names(clients),
                cache.host
            ),
            commands: vec![scan_or_write(&name)],
        })
        .collect()
}
