//! Clients that could not log in.

use super::with_cache::with_cache;
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{Cache, Fleet, Host, Selector};

/// A client that was named must be able to log in; of `@all`, at least one.
pub(super) fn refuse_unreachable_clients(fleet: &Fleet, cache: &Cache) -> Result<(), Stop> {
    let fleet = with_cache(fleet, cache);
    let cannot: Vec<&Host> = fleet
        .clients(cache)
        .filter(|client| fleet.identity(cache, client).public_key(client).is_none())
        .filter(|client| !waits_for_its_key(&fleet, cache, client))
        .collect();
    let all = fleet.clients(cache).count();
    let named = |host: &&&Host| cache.clients.contains(&Selector::Host(host.name.clone()));
    let refused: Vec<Diagnostic> = match cannot.len() {
        n if n == all && all > 0 => cannot.iter().copied().map(no_identity).collect(),
        _ => cannot
            .iter()
            .filter(named)
            .map(|host| no_identity(host))
            .collect(),
    };
    if refused.is_empty() {
        Ok(())
    } else {
        Err(Stop::Refused(refused))
    }
}

/// A key that the client itself will make is rightly unknown today.
fn waits_for_its_key(fleet: &Fleet, cache: &Cache, client: &Host) -> bool {
    use crate::fleet::Identity::File;
    matches!(fleet.identity(cache, client), File { make: true, .. })
}

fn no_identity(host: &Host) -> Diagnostic {
    let name = &host.name;
    let message = format!("`{name}` has no key with which it could log in");
    let (message, help) = match host.why_no_identity() {
        Some(why) => (
            format!("{message}: {why}"),
            format!(
                "give the key in `/etc/ssh/ssh_host_ed25519_key.pub` of `{name}`: \
                 `--host-key {name}=KEY|FILE`, or `larder keys set {name} --replace KEY` where \
                 `larder.toml` has the other one"
            ),
        ),
        None => (
            message,
            format!("if it runs sshd, give its host key: `--host-key {name}=KEY|FILE`"),
        ),
    };
    Diagnostic::error("identity-unknown", message)
        .about(name.to_string())
        .help(help)
        .help("else make a key for it: `--identity /ABSOLUTE/PATH --new-identity FILE`")
        .help("or let it make one itself: `--identity on-host`")
}
