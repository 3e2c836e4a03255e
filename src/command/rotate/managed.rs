//! Keys that agenix, sops-nix or clan bring to their machines: which secret has the new one, and
//! how it is made.

use super::change::Change;
use super::target::Target;
use crate::fleet::{
    Cache, Fleet, Identity, KeyKind, ManagedSecret, SecretFile, successor_name, successor_secret,
};
use crate::key::PastedKey;
use crate::project::Project;
use crate::steps;

/// The secret for a new signing key, where the old one has one and nobody has said another.
pub(super) fn next_file(fleet: &Fleet, target: &Target, change: &Change) -> Option<SecretFile> {
    let Change::Know(PastedKey::Signing(key)) = change else {
        return None;
    };
    let cache = fleet.caches.get(&target.name)?;
    let old = cache.signing_key_file();
    let old_key = cache.signing_key_name();
    let next = successor_secret(old.managed()?, &old_key, key.name())?;
    Some(SecretFile::Managed(next))
}

/// True if the host declares the secret of the new signing key: somebody has encrypted it.
pub(super) fn is_there(project: &Project, fleet: &Fleet, target: &Target) -> bool {
    let cache = fleet.caches.get(&target.name);
    let cache = cache.filter(|_| target.kind == KeyKind::Signing);
    let next = cache.and_then(Cache::next_signing_key_file);
    let Some(secret) = next.as_ref().and_then(SecretFile::managed) else {
        return false;
    };
    let machine = cache.and_then(|cache| project.host_survey().machine(fleet.server(cache)));
    machine.is_some_and(|machine| machine.declared_secrets().contains_key(secret))
}

/// How a person makes the new key, before its public half can be given.
pub(super) fn how_to_make(fleet: &Fleet, target: &Target) -> Vec<String> {
    let name = &target.name;
    match target.kind {
        KeyKind::Signing => signing(fleet, target).unwrap_or_default(),
        KeyKind::Identity | KeyKind::SharedIdentity if identity(fleet, target).is_some() => {
            vec![format!(
                "make it: `ssh-keygen -t ed25519 -N '' -C '' -f {name}-login`"
            )]
        }
        KeyKind::HostKey | KeyKind::Identity | KeyKind::SharedIdentity => Vec::new(),
    }
}

fn signing(fleet: &Fleet, target: &Target) -> Option<Vec<String>> {
    let cache = fleet.caches.get(&target.name)?;
    let (file, old) = (cache.signing_key_file(), cache.signing_key_name());
    let new = successor_name(&old);
    let secret = successor_secret(file.managed()?, &old, &new)?;
    let (private, public) = (format!("{new}.secret"), format!("{new}.public"));
    let encrypt = steps::encrypt(&secret, &target.name, Some(&private));
    Some(vec![
        format!("make it: `nix-store --generate-binary-cache-key {new} {private} {public}`"),
        format!("encrypt it as the secret `{secret}`, and declare that: `{encrypt}`"),
    ])
}

fn identity<'f>(fleet: &'f Fleet, target: &Target) -> Option<&'f ManagedSecret> {
    let identity = match target.kind {
        KeyKind::SharedIdentity => &fleet.caches.get(&target.name)?.identity,
        _ => fleet.hosts.get(&target.name)?.identity.as_ref()?,
    };
    match identity {
        Identity::File { path, .. } => path.managed(),
        Identity::HostKey => None,
    }
}
