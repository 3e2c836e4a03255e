//! Private keys in the work tree that nothing needs any more: larder made them there, git
//! ignores them, and they are easily forgotten.

use super::{Ask, LocalKey};
use crate::diagnostic::Stop;
use crate::fleet::{Fleet, Host, Identity};
use crate::key::PastedKey;
use crate::project::Project;
use crate::text::shell_word;

/// The private keys in the work tree, if one of the fleet's is to go.
///
/// # Errors
/// When the work tree cannot be read.
pub(super) fn look(will_go: bool, ask: &mut dyn Ask) -> Result<Vec<LocalKey>, Stop> {
    if will_go {
        ask.local_keys()
    } else {
        Ok(Vec::new())
    }
}

/// True if the first fleet has a public key that the second has not.
pub(super) fn goes(old: &Fleet, new: &Fleet) -> bool {
    let kept = keys(new);
    keys(old).iter().any(|key| !kept.contains(key))
}

/// Which of these keys the fleet had before and has no longer.
pub(super) fn note(
    project: &Project,
    local: &[LocalKey],
    old: &Fleet,
    new: &Fleet,
) -> Option<String> {
    let (had, has) = (keys(old), keys(new));
    let is_left = |key: &&LocalKey| had.contains(&key.public) && !has.contains(&key.public);
    let left = local.iter().filter(is_left);
    let paths: Vec<String> = left.map(|key| project.repo().shown(&key.path)).collect();
    if paths.is_empty() {
        return None;
    }
    let names: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
    let words: Vec<_> = paths.iter().map(|path| shell_word(path)).collect();
    Some(format!(
        "private keys that the fleet no longer has are still in the work tree: {}; once no \
         machine needs them: `rm {}`",
        names.join(", "),
        words.join(" ")
    ))
}

/// Every public key of a fleet.
fn keys(fleet: &Fleet) -> Vec<PastedKey> {
    let of_caches = fleet.caches.values().flat_map(|cache| {
        let next = cache.next_signing_key.as_ref();
        let next = next.and_then(|next| next.key.as_ref());
        let signing = cache.signing_key.known().into_iter().chain(next);
        let signing = signing.cloned().map(PastedKey::Signing);
        signing.chain(of_identity(&cache.identity))
    });
    let of_hosts = fleet.hosts.values().flat_map(of_host);
    of_caches.chain(of_hosts).collect()
}

fn of_host(host: &Host) -> impl Iterator<Item = PastedKey> {
    let host_key = host.host_keys().cloned().map(PastedKey::Ssh);
    host_key.chain(host.identity.iter().flat_map(of_identity))
}

fn of_identity(identity: &Identity) -> impl Iterator<Item = PastedKey> {
    let keys = match identity {
        Identity::File { key, next, .. } => {
            let next = next.as_ref().and_then(|next| next.key.as_ref());
            [key.as_ref(), next]
        }
        Identity::HostKey => [None, None],
    };
    let keys = keys.into_iter().flatten().cloned();
    keys.map(PastedKey::Ssh).collect::<Vec<_>>().into_iter()
}
