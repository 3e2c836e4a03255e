//! Whether machines run what the repository says: told by files on them that everybody may
//! read, and that NixOS writes at a switch.

use serde::Serialize;

use crate::command::Reply;
use crate::command::machine_files::{EXPORTED, NIX_CONF, file_in, logins, pins};
use crate::fleet::{Cache, Fleet, Host, HostName, Link};
use crate::key::{PublicKey, SigningPublicKey};
use crate::text::quoted_conjunction;

/// One machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HostState {
    host: HostName,
    state: State,
    /// What it lacks, or why it could not be asked.
    why: Vec<String>,
}

/// How far a machine is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum State {
    /// It runs the wiring.
    Switched,
    /// It runs an earlier one, or none.
    Behind,
    /// It could not be asked.
    Unknown,
}

/// The machines that larder has wired, each with the files that tell.
pub fn questions(fleet: &Fleet) -> Vec<(&Host, Vec<String>)> {
    let of_host = |host| {
        let mut files = Vec::new();
        if let Some(cache) = served(fleet, host) {
            files.push(logins(cache));
        }
        let links = links(fleet, host);
        files.extend(links.first().map(|_| NIX_CONF.to_owned()));
        for pins in links.iter().map(|link| pins(link.cache)) {
            if !files.contains(&pins) {
                files.push(pins);
            }
        }
        let exported = EXPORTED
            .into_iter()
            .filter(|_| !host.nixos && !links.is_empty());
        files.extend(exported.map(str::to_owned));
        (host, files)
    };
    let all = fleet.hosts.values().map(of_host);
    all.filter(|(_, files)| !files.is_empty()).collect()
}

/// What a machine's answer says.
pub fn judge(fleet: &Fleet, host: &Host, reply: Reply) -> HostState {
    let (state, why) = match reply {
        Err(why) => (State::Unknown, vec![why]),
        Ok(files) => {
            let why = lacks(fleet, host, &files);
            let is_switched = why.is_empty();
            (
                if is_switched {
                    State::Switched
                } else {
                    State::Behind
                },
                why,
            )
        }
    };
    HostState {
        host: host.name.clone(),
        state,
        why,
    }
}

fn served<'f>(fleet: &'f Fleet, host: &Host) -> Option<&'f Cache> {
    let cache = fleet.caches.get(&host.name)?;
    (!cache.is_adopted() && fleet.has_module(host)).then_some(cache)
}

/// The caches that the host is wired to.
fn links<'f>(fleet: &'f Fleet, host: &'f Host) -> Vec<Link<'f>> {
    let caches = fleet.caches_of(host);
    let wired = caches.filter(|cache| !cache.is_adopted() && fleet.missing(cache, host).is_empty());
    wired.map(|cache| fleet.link(cache, host)).collect()
}

fn lacks(fleet: &Fleet, host: &Host, files: &str) -> Vec<String> {
    let mut why = Vec::new();
    if let Some(cache) = served(fleet, host) {
        why.extend(shut_out(fleet, cache, text_of(files, &logins(cache))));
    }
    let text =
        |own: &str, exported: &str| text_of(files, own).to_owned() + text_of(files, exported);
    let [nix_conf, known_hosts] = EXPORTED;
    let nix_conf = text(NIX_CONF, nix_conf);
    for link in links(fleet, host) {
        why.extend(not_asked(fleet, &link, &nix_conf));
        why.extend(not_pinned(&link, &text(&pins(link.cache), known_hosts)));
    }
    why
}

/// A file that is not there has nothing in it.
fn text_of<'t>(files: &'t str, path: &str) -> &'t str {
    file_in(files, path).unwrap_or_default()
}

/// The clients that are not let in yet.
fn shut_out(fleet: &Fleet, cache: &Cache, logins: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut half = Vec::new();
    for client in fleet.clients(cache) {
        let keys = fleet.identity(cache, client).public_keys(client);
        let lacks = |key: &&PublicKey| !logins.contains(&key.to_string());
        match keys.iter().copied().filter(lacks).count() {
            0 => {}
            all if all == keys.len() => out.push(&client.name),
            _ => half.push(&client.name),
        }
    }
    let mut why = Vec::new();
    if !out.is_empty() {
        why.push(format!("it does not let {} in", quoted_conjunction(out)));
    }
    if !half.is_empty() {
        let names = quoted_conjunction(half);
        why.push(format!(
            "it lets {names} in with one key, and not yet with the other"
        ));
    }
    why
}

fn not_asked(fleet: &Fleet, link: &Link<'_>, nix_conf: &str) -> Option<String> {
    let cache = &link.cache.host;
    let url = fleet.store_url(link);
    if !says(nix_conf, "substituters", &url) {
        return Some(format!("it does not ask `{cache}`"));
    }
    let trusts = |key: &SigningPublicKey| says(nix_conf, "trusted-public-keys", &key.to_string());
    let keys = link.cache.trusted_keys();
    let lacks = keys.iter().any(|key| !trusts(key));
    let key = match keys.len() {
        0 | 1 => "the signing key",
        _ => "both signing keys",
    };
    lacks.then(|| format!("it does not trust {key} of `{cache}`"))
}

/// True if a setting of nix.conf, or what is added to it, has this text.
fn says(nix_conf: &str, setting: &str, text: &str) -> bool {
    let mut lines = nix_conf.lines().filter_map(|line| line.split_once('='));
    lines.any(|(name, value)| {
        let name = name.trim();
        let is_it = name == setting || name.strip_prefix("extra-") == Some(setting);
        is_it && value.contains(text)
    })
}

fn not_pinned(link: &Link<'_>, known_hosts: &str) -> Option<String> {
    let alias = link.cache.ssh_alias();
    let is_pinned = |key: &PublicKey| {
        let key = key.to_string();
        let mut lines = known_hosts.lines();
        lines.any(|line| line.starts_with(&alias) && line.contains(&key))
    };
    let mut keys = link.server.host_keys();
    let lacks = keys.any(|key| !is_pinned(key));
    let key = match link.server.host_keys().count() {
        0 | 1 => "the host key",
        _ => "both host keys",
    };
    lacks.then(|| format!("it does not pin {key} of `{}`", link.cache.host))
}

impl HostState {
    /// The machine.
    pub fn host(&self) -> &HostName {
        &self.host
    }

    /// It runs an earlier wiring, or none.
    pub fn is_behind(&self) -> bool {
        self.state == State::Behind
    }

    /// Nothing is to be done for it, as far as is known.
    pub fn is_switched(&self) -> bool {
        self.state == State::Switched
    }

    /// A line about it.
    pub fn text(&self, width: usize) -> String {
        let state = match self.state {
            State::Switched => "switched",
            State::Behind => "not switched yet",
            State::Unknown => "could not be asked",
        };
        let why = match self.why.join("; ") {
            why if why.is_empty() => why,
            why => format!(": {why}"),
        };
        format!("  {:width$}  {state}{why}\n", self.host.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Source;
    use crate::fleet::{self, INVENTORY};

    const SERVER: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBx8Q7vLplhZPOMb7FuxBpSNyFQKwcrLQ+Hi+raEWhWa";
    const CLIENT: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGEH51kbBM1qlUM4etUAP4+Zlllu/FSSzwkT0ExDlkR4";
    const SIGNING: &str = "kalaw-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=";

    const NEW: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c";
    const NEW_SIGNING: &str = "kalaw-2:6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=";

    fn wired() -> Fleet {
        read(&wired_text())
    }

    fn wired_text() -> String {
        format!(
            "version = 1\n[hosts.kalaw]\nmodule = \"kalaw.nix\"\nhost-key = \"{SERVER}\"\n\
             [hosts.pai]\nmodule = \"pai.nix\"\nhost-key = \"{CLIENT}\"\n\
             [caches.kalaw]\nclients = [\"@all\"]\nsigning-key = \"{SIGNING}\"\n"
        )
    }

    fn read(text: &str) -> Fleet {
        fleet::read(&Source::new(INVENTORY, text.to_owned())).expect("a fleet")
    }

    /// The key, the one that takes its place beside it.
    fn changing(key: &str, new: &str) -> Fleet {
        let list = format!("[\"{key}\", \"{new}\"]");
        read(&wired_text().replace(&format!("\"{key}\""), &list))
    }

    #[track_caller]
    fn why(host: &str, reply: Reply) -> String {
        why_of(&wired(), host, reply)
    }

    fn why_of(fleet: &Fleet, host: &str, reply: Reply) -> String {
        let state = judge(fleet, &fleet.hosts[host], reply);
        format!("{:?}: {}", state.state, state.why.join("; "))
    }

    fn client(url: &str, key: &str, pin: &str) -> String {
        format!(
            "==> {NIX_CONF} <==\nsubstituters = https://cache.nixos.org {url}\n\
             trusted-public-keys = x {key}\n\n==> /etc/ssh/ssh_known_hosts <==\n{pin}\n"
        )
    }

    #[test]
    fn a_tunnel_has_a_file_of_pins_and_a_user_of_its_own() {
        let text = wired_text() + "serve = \"harmonia\"\ntunnel-port = 5000\n";
        let fleet = read(&text);
        let asked = questions(&fleet);
        let files: Vec<&str> = asked
            .iter()
            .flat_map(|(_, files)| files)
            .map(String::as_str)
            .collect();
        assert_eq!(
            files,
            [
                "/etc/ssh/authorized_keys.d/larder-cache",
                "/etc/nix/nix.conf",
                "/etc/ssh/larder-kalaw.known_hosts"
            ]
        );
        let answer = format!(
            "==> /etc/nix/nix.conf <==\nsubstituters = http://127.0.0.1:5000?priority=41\n\
             trusted-public-keys = {SIGNING}\n\n==> /etc/ssh/larder-kalaw.known_hosts <==\n\
             larder-kalaw {SERVER}\n"
        );
        assert_eq!(why_of(&fleet, "pai", Ok(answer)), "Switched: ");
    }

    #[test]
    fn a_client_is_switched_once_it_asks_trusts_and_pins() {
        let url = "ssh://nix-ssh@kalaw?priority=41";
        let pin = format!("larder-kalaw {SERVER}");
        assert_eq!(why("pai", Ok(client(url, SIGNING, &pin))), "Switched: ");
        assert_eq!(
            why("pai", Ok(client("", SIGNING, &pin))),
            "Behind: it does not ask `kalaw`"
        );
        assert_eq!(
            why(
                "pai",
                Ok(client(url, "kalaw-1:other", "kalaw ssh-ed25519 AAAA"))
            ),
            "Behind: it does not trust the signing key of `kalaw`; it does not pin the host key \
             of `kalaw`"
        );
        assert_eq!(why("pai", Err("no route".to_owned())), "Unknown: no route");
    }

    #[test]
    fn a_cache_is_switched_once_it_lets_its_clients_in() {
        let logins = |keys: &str| {
            Ok(format!(
                "==> /etc/ssh/authorized_keys.d/nix-ssh <==\n{keys}\n"
            ))
        };
        assert_eq!(why("kalaw", logins(CLIENT)), "Switched: ");
        assert_eq!(
            why("kalaw", logins(SERVER)),
            "Behind: it does not let `pai` in"
        );
        assert_eq!(
            why("kalaw", Ok(String::new())),
            "Behind: it does not let `pai` in"
        );
    }

    #[test]
    fn while_a_key_changes_both_have_to_be_there() {
        let url = "ssh://nix-ssh@kalaw?priority=41";
        let pin = |key: &str| format!("larder-kalaw {key}\n");
        let one = pin(SERVER);
        let both = one.clone() + &pin(NEW);
        let fleet = changing(SERVER, NEW);
        assert_eq!(
            why_of(&fleet, "pai", Ok(client(url, SIGNING, &one))),
            "Behind: it does not pin both host keys of `kalaw`"
        );
        let said = why_of(&fleet, "pai", Ok(client(url, SIGNING, &both)));
        assert_eq!(said, "Switched: ");
        let fleet = changing(SIGNING, NEW_SIGNING);
        assert_eq!(
            why_of(&fleet, "pai", Ok(client(url, SIGNING, &one))),
            "Behind: it does not trust both signing keys of `kalaw`"
        );
        let keys = format!("{SIGNING} {NEW_SIGNING}");
        let said = why_of(&fleet, "pai", Ok(client(url, &keys, &one)));
        assert_eq!(said, "Switched: ");
        let fleet = changing(CLIENT, NEW);
        let logins = |keys: &str| {
            Ok(format!(
                "==> /etc/ssh/authorized_keys.d/nix-ssh <==\n{keys}\n"
            ))
        };
        assert_eq!(
            why_of(&fleet, "kalaw", logins(CLIENT)),
            "Behind: it lets `pai` in with one key, and not yet with the other"
        );
        let said = why_of(&fleet, "kalaw", logins(&format!("{CLIENT}\n{NEW}")));
        assert_eq!(said, "Switched: ");
    }
}
