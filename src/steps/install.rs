//! Private keys that larder made here, and that machines need.

use super::reach::{remote_word, ssh};
use super::{Moment, Step, StepKind};
use crate::fleet::{AbsolutePath, Cache, Fleet, Host, HostName};
use crate::text::shell_word;

/// The secret half of a signing key, from the file `here` to the cache. It must be there
/// before the switch that names it: a build on a host whose signing key is missing fails.
#[must_use]
pub fn signing_key_to_server(fleet: &Fleet, cache: &Cache, here: &str) -> Step {
    let host = &cache.host;
    Step {
        moment: Moment::KeysAtHand,
        action: StepKind::InstallKey,
        hosts: vec![host.clone()],
        text: format!("before the switch, bring its signing key to `{host}`"),
        commands: vec![install(
            fleet.server(cache),
            here,
            &cache.signing_key_file(),
        )],
    }
}

/// The private key of a cache's clients, from the file `here` to each that has no other.
#[must_use]
pub fn identity_to_clients(
    fleet: &Fleet,
    cache: &Cache,
    here: &str,
    path: &AbsolutePath,
) -> Option<Step> {
    let has_it = |client: &&Host| fleet.identity(cache, client) == &cache.identity;
    let clients: Vec<&Host> = fleet.clients(cache).filter(has_it).collect();
    let hosts: Vec<HostName> = clients.iter().map(|host| host.name.clone()).collect();
    (!hosts.is_empty()).then(|| Step {
        moment: Moment::KeysAtHand,
        action: StepKind::InstallKey,
        text: format!(
            "before the switch, bring to {} the key with which clients log in",
            super::names(&hosts)
        ),
        hosts,
        commands: clients
            .iter()
            .map(|host| install(host, here, path))
            .collect(),
    })
}

/// Through the user's own ssh, never through a command line or the store.
fn install(host: &Host, here: &str, path: &AbsolutePath) -> String {
    let ssh = ssh(host);
    let (path, here) = (remote_word(path), shell_word(here));
    format!("{ssh} sudo install -D -m 600 /dev/stdin {path} < {here}")
}
