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
    let refused: Vec<&Host> = if all > 0 && cannot.len() == all {
        cannot
    } else {
        cannot.into_iter().filter(|host| named(&host)).collect()
    };
    let (wrong, none): (Vec<&Host>, Vec<&Host>) = refused
        .into_iter()
        .partition(|host| host.why_no_identity().is_some());
    let wrong = wrong.into_iter().filter_map(wrong_key);
    let refused: Vec<Diagnostic> = wrong.chain(no_keys(&none)).collect();
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

/// The key that is known is not the one with which it would log in.
fn wrong_key(host: &Host) -> Option<Diagnostic> {
    let (name, why) = (&host.name, host.why_no_identity()?);
    let message = format!("`{name}` has no key with which it could log in: {why}");
    let error = Diagnostic::error("identity-unknown", message).about(name.to_string());
    Some(with_ways(error.help(format!(
        "give the key in `/etc/ssh/ssh_host_ed25519_key.pub` of `{name}`: \
         `--host-key {name}=KEY|FILE`, or `larder keys set {name} --replace KEY` where \
         `larder.toml` has the other one"
    ))))
}

/// One refusal, however many they are.
fn no_keys(hosts: &[&Host]) -> Option<Diagnostic> {
    let first = &hosts.first()?.name;
    let names: Vec<String> = hosts
        .iter()
        .map(|host| format!("`{}`", host.name))
        .collect();
    let names = names.join(", ");
    let (message, help) = if hosts.len() == 1 {
        (
            format!("{names} has no key with which it could log in"),
            format!("if it runs sshd, give its host key: `--host-key {first}=KEY|FILE`"),
        )
    } else {
        (
            format!("{names} have no keys with which they could log in"),
            format!("give the host key of each that runs sshd: `--host-key {first}=KEY|FILE`, …"),
        )
    };
    let subject = names.replace('`', "");
    let error = Diagnostic::error("identity-unknown", message).about(subject);
    Some(with_ways(error.help(help)))
}

fn with_ways(error: Diagnostic) -> Diagnostic {
    error
        .help("else make a key for it: `--identity /ABSOLUTE/PATH --new-identity FILE`")
        .help("or let it make one itself: `--identity on-host`")
}
