//! What a cache built before it had its signing key is unsigned, and clients drop it.

use super::reach::{remote_word, ssh_with_terminal};
use super::{Moment, Step, StepKind};
use crate::fleet::{Cache, Fleet};

/// Nix signs what it builds from now on; older paths need this once.
pub(super) fn step(before: &Fleet, after: &Fleet, cache: &Cache) -> Option<Step> {
    let is = cache.signing_key.known().filter(|_| !cache.is_adopted())?;
    let mut was = before
        .caches
        .values()
        .filter_map(|cache| cache.signing_key.known());
    if was.any(|known| known == is) {
        return None;
    }
    let (host, path) = (&cache.host, remote_word(&cache.signing_key_file()));
    let ssh = ssh_with_terminal(after.server(cache));
    Some(Step {
        moment: Moment::KeysMade,
        action: StepKind::Sign,
        hosts: vec![host.clone()],
        text: format!("sign what `{host}` built before: without it no client takes that"),
        commands: vec![format!(
            "{ssh} sudo nix --extra-experimental-features nix-command store sign --all -k {path}"
        )],
    })
}
