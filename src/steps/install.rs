//! Private keys that larder made here, and that machines need.

use super::reach::{ssh, ssh_with_terminal};
use super::{Moment, Step, StepKind, secret};
use crate::fleet::{AbsolutePath, Cache, Fleet, Host, HostName, SecretFile};
use crate::text::shell_word;

/// The secret half of a signing key, from the file `here` to the cache. It must be there
/// before the switch that names it: a build on a host whose signing key is missing fails.
#[must_use]
pub fn signing_key_to_server(fleet: &Fleet, cache: &Cache, here: &str) -> Step {
    let host = &cache.host;
    if let Some(secret) = cache.signing_key_file().managed() {
        let what = format!("the signing key of `{host}`");
        return secret::bring(secret, std::slice::from_ref(host), &what, Some(here));
    }
    Step {
        moment: Moment::KeysAtHand,
        action: StepKind::InstallKey,
        hosts: vec![host.clone()],
        text: format!("before the switch, bring its signing key to `{host}`"),
        commands: install(fleet.server(cache), here, &cache.signing_key_path()).into(),
    }
}

/// The private key of a cache's clients, from the file `here` to each that has no other.
#[must_use]
pub fn identity_to_clients(
    fleet: &Fleet,
    cache: &Cache,
    here: &str,
    file: &SecretFile,
) -> Option<Step> {
    let has_it = |client: &&Host| fleet.identity(cache, client) == &cache.identity;
    let clients: Vec<&Host> = fleet.clients(cache).filter(has_it).collect();
    let hosts: Vec<HostName> = clients.iter().map(|host| host.name.clone()).collect();
    if hosts.is_empty() {
        return None;
    }
    if let Some(secret) = file.managed() {
        let what = format!("the key with which {} log in", super::names(&hosts));
        return Some(secret::bring(secret, &hosts, &what, Some(here)));
    }
    Some(Step {
        moment: Moment::KeysAtHand,
        action: StepKind::InstallKey,
        text: format!(
            "before the switch, bring to {} the key with which clients log in",
            super::names(&hosts)
        ),
        hosts,
        commands: clients
            .iter()
            .flat_map(|host| install(host, here, &file.path(&host.name)))
            .collect(),
    })
}

/// Through the user's own ssh, never through a command line or the store. In two commands:
/// where sudo wants a password, it needs the terminal, and the key needs the standard input.
fn install(host: &Host, here: &str, path: &AbsolutePath) -> [String; 2] {
    const BETWEEN: &str = "larder-key";
    let copy = format!("umask 077; cat > {BETWEEN}");
    let install = format!(
        "sudo install -D -m 600 {BETWEEN} {} && rm {BETWEEN}",
        shell_word(path)
    );
    [
        format!("{} {} < {}", ssh(host), shell_word(&copy), shell_word(here)),
        format!("{} {}", ssh_with_terminal(host), shell_word(&install)),
    ]
}
