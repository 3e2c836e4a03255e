//! Looks for SSH host keys: first where somebody has trusted them already (this machine, the
//! repository, known hosts), then over the network.

use super::{Ask, Question, Reply, pasted_key};
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{Cache, Fleet, Host, HostName, Identity, SSH_PORT};
use crate::key::{Algorithm, PublicKey};
use crate::plan::ShownKey;
use crate::project::Project;
use crate::survey::{self, CollectedKey};

/// A host key that was found.
#[derive(Debug, Clone)]
pub(super) struct FoundKey {
    pub(super) host: HostName,
    pub(super) key: PublicKey,
    /// Where, in words that follow "from".
    pub(super) from: String,
    /// It came over the network alone: whoever answers at the address shows some key.
    pub(super) is_scanned: bool,
}

impl FoundKey {
    /// The key as a person judges it.
    pub(super) fn shown(&self) -> ShownKey {
        ShownKey {
            host: self.host.to_string(),
            kind: "host key",
            key: self.key.fingerprint(),
            from: self.from.clone(),
            is_confirmed: !self.is_scanned,
        }
    }
}

/// What a search came to.
#[derive(Debug, Default)]
pub(super) struct Search {
    pub(super) found: Vec<FoundKey>,
    /// The hosts whose key was not found, and why, as a phrase.
    pub(super) missing: Vec<(HostName, String)>,
}

/// Looks for the host keys of these hosts. One whose key is known is asked itself: the other
/// places would only say what it was.
///
/// # Errors
/// When nothing can be asked, or the user breaks off.
pub(super) fn search(
    project: &Project,
    fleet: &Fleet,
    hosts: &[&Host],
    ask: &mut dyn Ask,
) -> Result<Search, Stop> {
    let mut search = Search::default();
    let collected = survey::host_keys(&project.survey());
    let mut unknown = Vec::new();
    for host in hosts {
        let known = match host.host_key {
            None => trusted(&collected, host, ask),
            Some(_) => None,
        };
        match known.filter(|found| search.objection(fleet, host, &found.key).is_none()) {
            Some(found) => search.found.push(found),
            None => unknown.push(*host),
        }
    }
    if unknown.is_empty() {
        return Ok(search);
    }
    let replies = ask.scan(&unknown)?;
    for (host, reply) in unknown.into_iter().zip(replies) {
        search.take(fleet, host, reply);
    }
    let order = |name: &HostName| hosts.iter().position(|host| host.name == *name);
    search.found.sort_by_key(|found| order(&found.host));
    Ok(search)
}

impl Search {
    /// Adds what a machine has shown.
    fn take(&mut self, fleet: &Fleet, host: &Host, reply: Reply) {
        let name = host.name.clone();
        let keys = match reply {
            Ok(lines) => shown_keys(&lines),
            Err(why) => return self.missing.push((name, why)),
        };
        let Some(key) = best(&keys) else {
            let why = format!("{} showed no host key", place(host));
            return self.missing.push((name, why));
        };
        match self.objection(fleet, host, key) {
            Some(why) => self.missing.push((name, why)),
            None => self.found.push(FoundKey {
                host: name,
                key: key.clone(),
                from: place(host),
                is_scanned: true,
            }),
        }
    }

    /// Why a key cannot be that of a host.
    fn objection(&self, fleet: &Fleet, host: &Host, key: &PublicKey) -> Option<String> {
        let has_it = |other: &Host| other.host_keys().any(|own| own == key);
        let is_others = |other: &&Host| other.name != host.name && has_it(other);
        let mut found = self.found.iter();
        let others = fleet
            .hosts
            .values()
            .find(is_others)
            .map(|other| &other.name);
        let others = others.or_else(|| found.find(|one| one.key == *key).map(|one| &one.host));
        if let Some(other) = others {
            return Some(format!("{} shows the host key of `{other}`", place(host)));
        }
        let with_it = Host {
            host_key: Some(key.clone()),
            ..host.clone()
        };
        with_it
            .why_no_identity()
            .filter(|_| logs_in_with_it(fleet, host))
    }
}

/// True if a host logs in somewhere with its host key.
fn logs_in_with_it(fleet: &Fleet, host: &Host) -> bool {
    let by_host_key = |cache: &Cache| *fleet.identity(cache, host) == Identity::HostKey;
    // A jump host that is no host of the fleet reads from no cache.
    fleet.hosts.contains_key(&host.name) && fleet.caches_of(host).any(by_host_key)
}

/// A key that somebody has trusted already.
fn trusted(collected: &[CollectedKey], host: &Host, ask: &mut dyn Ask) -> Option<FoundKey> {
    let found = |key, from| FoundKey {
        host: host.name.clone(),
        key,
        from,
        is_scanned: false,
    };
    let own = ask.this_machine();
    let own = own.filter(|machine| machine.name == host.name.as_str());
    if let Some(machine) = own {
        let key = pasted_key::ssh(ask, &machine.host_key).ok()?;
        return Some(found(key, "this machine".to_owned()));
    }
    if let Some(one) = of_repository(collected, host) {
        return Some(found(one.key.clone(), one.from.clone()));
    }
    let line = known_line(ask, host)?;
    let key = pasted_key::ssh(ask, &line).ok()?;
    Some(found(key, "your known hosts".to_owned()))
}

/// What known hosts have for a host, under its address or its name.
pub(super) fn known_line(ask: &mut dyn Ask, host: &Host) -> Option<String> {
    let port = host.port.unwrap_or(SSH_PORT);
    let by_address = ask.known_host(host.address().as_str(), port);
    by_address.or_else(|| ask.known_host(host.name.as_str(), port))
}

/// The key in the repository's own files, if those that name one of its kind agree.
fn of_repository<'c>(collected: &'c [CollectedKey], host: &Host) -> Option<&'c CollectedKey> {
    let its = |one: &&CollectedKey| one.host == host.name.as_str();
    let best = collected.iter().find(its)?;
    let same_kind = |one: &&CollectedKey| one.key.algorithm() == best.key.algorithm();
    let mut rivals = collected.iter().filter(its).filter(same_kind);
    rivals.all(|one| one.key == best.key).then_some(best)
}

/// Where a machine was asked, in words.
fn place(host: &Host) -> String {
    let port = host.port.unwrap_or(SSH_PORT);
    let jump = host.proxy_jump.as_ref();
    let jump = jump.map_or_else(String::new, |jump| format!(" through `{jump}`"));
    match port {
        SSH_PORT => format!("`{}`{jump}", host.address()),
        _ => format!("`{}` port {port}{jump}", host.address()),
    }
}

/// A host key asked over the network and confirmed by a person, or by the
/// fingerprint that the user gave.
pub(super) fn scanned_key(
    ask: &mut dyn Ask,
    host: &Host,
    fingerprint: Option<&str>,
) -> Result<PublicKey, Stop> {
    let address = host.address().to_string();
    let reply = ask.scan(&[host])?.pop();
    let keys = match reply {
        Some(Ok(lines)) => shown_keys(&lines),
        Some(Err(why)) => return Err(no_key_shown(&why)),
        None => Vec::new(),
    };
    let Some(key) = best(&keys) else {
        return Err(no_key_shown(&format!("`{address}` showed no host key")));
    };
    match fingerprint {
        Some(expected) => expect_fingerprint(&keys, &address, expected),
        None => confirm_fingerprint(ask, &address, key),
    }
}

/// The key that is taken of several: the ed25519 one.
fn best(keys: &[PublicKey]) -> Option<&PublicKey> {
    let mut ed25519 = keys
        .iter()
        .filter(|key| key.algorithm() == Algorithm::Ed25519);
    ed25519.next().or(keys.first())
}

/// The keys in lines of `ssh-keyscan` or of known hosts: `address type blob`.
fn shown_keys(lines: &str) -> Vec<PublicKey> {
    let lines = lines.lines().filter(|line| !line.starts_with('#'));
    let key = |line: &str| line.split_once(' ')?.1.parse().ok();
    lines.filter_map(key).collect()
}

fn confirm_fingerprint(
    ask: &mut dyn Ask,
    address: &str,
    key: &PublicKey,
) -> Result<PublicKey, Stop> {
    let shown = key.fingerprint();
    let text = format!("`{address}` shows the host key {shown}; is that it?");
    let flag = format!("--fingerprint {shown}");
    let question = Question {
        text: &text,
        flag: &flag,
        why: "The clients will trust whoever has this key. Compare it with what the machine itself says: `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`.",
    };
    if ask.confirm(question, false)? {
        return Ok(key.clone());
    }
    Err(Diagnostic::error(
        "host-key-declined",
        format!("the host key of `{address}` was declined"),
    )
    .into())
}

fn expect_fingerprint(
    keys: &[PublicKey],
    address: &str,
    expected: &str,
) -> Result<PublicKey, Stop> {
    let same = |key: &&PublicKey| key.fingerprint() == expected;
    if let Some(key) = keys.iter().find(same) {
        return Ok(key.clone());
    }
    let shown: Vec<String> = keys.iter().map(PublicKey::fingerprint).collect();
    let said = format!("`{address}` does not have a host key with fingerprint `{expected}`");
    Err(Diagnostic::error("host-key-unexpected", said)
        .help(format!(
            "it shows {}; find out why before you trust it",
            shown.join(", ")
        ))
        .into())
}

fn no_key_shown(why: &str) -> Stop {
    Diagnostic::error("host-key-absent", why)
        .help("is sshd running there? else give the key with `--host-key KEY|FILE`")
        .into()
}
