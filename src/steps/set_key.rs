//! Public keys that the inventory lacks, and where they are.

use std::collections::BTreeMap;

use super::reach::ssh_with_terminal;
use super::{Moment, Step, StepKind, jump, names};
use crate::fleet::{Cache, Fleet, Host, HostName, Identity, Missing, SecretFile};
use crate::text::shell_word;

/// What makes the public half of a signing key of its secret half.
pub(super) const PUBLIC_HALF: &str =
    "nix --extra-experimental-features nix-command key convert-secret-to-public";

/// The keys that a cache's clients wait for.
#[must_use]
pub fn of_cache(fleet: &Fleet, name: &HostName) -> Vec<Step> {
    let cache = fleet.caches.get(name);
    cache.map_or_else(Vec::new, |cache| {
        steps(fleet, cache, &fleet.clients(cache).collect::<Vec<_>>())
    })
}

/// The keys that a host waits for, to use the caches whose client it is.
#[must_use]
pub fn of_host(fleet: &Fleet, name: &HostName) -> Vec<Step> {
    let Some(host) = fleet.hosts.get(name) else {
        return Vec::new();
    };
    let of_cache = |cache| steps(fleet, cache, &[host]);
    fleet.caches_of(host).flat_map(of_cache).collect()
}

/// What many clients lack alike is one step.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Lacking {
    Pin,
    HostKeys,
    Identities(SecretFile),
    MadeIdentities(SecretFile),
    SigningKey,
}

fn steps(fleet: &Fleet, cache: &Cache, clients: &[&Host]) -> Vec<Step> {
    let mut lacking: BTreeMap<Lacking, Vec<&Host>> = BTreeMap::new();
    for client in clients {
        for missing in fleet.missing(cache, client) {
            if let Some(what) = lacks(fleet.identity(cache, client), missing) {
                lacking.entry(what).or_default().push(client);
            }
        }
    }
    let steps = lacking.iter();
    let steps = steps.map(|(what, clients)| step(fleet, cache, what, clients));
    steps.chain(jump::unknown(fleet, cache, clients)).collect()
}

fn lacks(identity: &Identity, missing: Missing) -> Option<Lacking> {
    match (missing, identity) {
        (Missing::Pin, _) => Some(Lacking::Pin),
        (Missing::SigningKey, _) => Some(Lacking::SigningKey),
        (Missing::IdentityKey, Identity::HostKey) => Some(Lacking::HostKeys),
        (Missing::IdentityKey, Identity::File { path, make, .. }) => Some(if *make {
            Lacking::MadeIdentities(path.clone())
        } else {
            Lacking::Identities(path.clone())
        }),
        (Missing::ClientModule | Missing::ServerModule, _) => None,
    }
}

fn step(fleet: &Fleet, cache: &Cache, what: &Lacking, clients: &[&Host]) -> Step {
    let server = fleet.server(cache);
    let (moment, keys, hosts) = match what {
        Lacking::Pin => (Moment::KeysAtHand, "SSH host key", vec![server]),
        Lacking::HostKeys => (Moment::KeysAtHand, "ed25519 host key", clients.to_vec()),
        Lacking::Identities(_) => (Moment::KeysAtHand, "public key", clients.to_vec()),
        Lacking::MadeIdentities(_) => (Moment::KeysMade, "public key", clients.to_vec()),
        Lacking::SigningKey if !cache.makes_signing_key() => {
            (Moment::KeysAtHand, "signing key", vec![server])
        }
        Lacking::SigningKey => (Moment::KeysMade, "signing key", vec![server]),
    };
    let names_of = |hosts: &[&Host]| names(hosts.iter().map(|host| &host.name));
    let wait = match what {
        Lacking::Pin | Lacking::SigningKey => "no client uses it".to_owned(),
        _ if hosts.len() == 1 => format!("it does not use `{}`", cache.host),
        _ => format!("they do not use `{}`", cache.host),
    };
    let plural = if hosts.len() == 1 { "" } else { "s" };
    Step {
        moment,
        action: StepKind::SetKey,
        text: format!(
            "bring in the {keys}{plural} of {}: until then {wait}",
            names_of(&hosts)
        ),
        commands: commands(cache, what, &hosts),
        hosts: hosts.iter().map(|host| host.name.clone()).collect(),
    }
}

/// What everybody on the machine may read is fetched for all of them at once; the rest takes
/// root there.
fn commands(cache: &Cache, what: &Lacking, hosts: &[&Host]) -> Vec<String> {
    match what {
        Lacking::Identities(file) => {
            let of_host = |host: &&Host| {
                let path = file.path(&host.name);
                let print = format!("sudo ssh-keygen -y -f {}", shell_word(&path));
                by_hand(host, &print, "--identity")
            };
            hosts.iter().flat_map(of_host).collect()
        }
        Lacking::SigningKey if !cache.makes_signing_key() => {
            let file = cache.signing_key_path();
            let print = format!("sudo cat {} | {PUBLIC_HALF}", shell_word(&file));
            let of_host = |host: &&Host| by_hand(host, &print, "--signing-key");
            hosts.iter().flat_map(of_host).collect()
        }
        Lacking::Pin | Lacking::HostKeys => {
            let (wrong, none): (Vec<&Host>, Vec<&Host>) =
                hosts.iter().partition(|host| host.host_key.is_some());
            let pulls = [pull("", &none), pull("--replace ", &wrong)];
            pulls.into_iter().flatten().collect()
        }
        Lacking::MadeIdentities(_) | Lacking::SigningKey => pull("", hosts).into_iter().collect(),
    }
}

/// `None`: there is nobody.
fn pull(flags: &str, hosts: &[&Host]) -> Option<String> {
    let names: Vec<&str> = hosts.iter().map(|host| host.name.as_str()).collect();
    (!names.is_empty()).then(|| format!("larder keys pull {flags}{}", names.join(" ")))
}

/// One command prints the public half, the other asks for it: where sudo wants a password, it
/// asks on a terminal, and what it says there must not become the key.
fn by_hand(host: &Host, print: &str, flag: &str) -> [String; 2] {
    let (ssh, name) = (ssh_with_terminal(host), &host.name);
    [
        format!("{ssh} {}", shell_word(print)),
        format!("larder keys set {name} {flag}"),
    ]
}
