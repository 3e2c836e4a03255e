//! Secrets of agenix, sops-nix or clan that are there already and may well be the key that is
//! asked for: they are offered by name.

use crate::fleet::{Host, ManagedSecret};
use crate::project::Project;

/// What a signing key is called.
const SIGNING: &[&str] = &["sign", "nix-key", "nix_key", "cache", "larder"];
/// What a key to log in at caches is called.
const LOGIN: &[&str] = &["login", "identity", "nix-ssh", "nix_ssh", "cache", "larder"];

/// The secrets of the serving host that are called like a signing key, or like its own.
pub(super) fn signing(project: &Project, server: &Host) -> Vec<ManagedSecret> {
    let numbered = format!("{}-", server.name);
    let is_its = |secret: &ManagedSecret| {
        let last = secret.name().rsplit('/').next().unwrap_or_default();
        let number = last.strip_prefix(&numbered);
        number.is_some_and(|number| number.parse::<u64>().is_ok())
    };
    let all = declared(project, server).into_iter();
    all.filter(|secret| is_its(secret) || is_called(secret, SIGNING))
        .collect()
}

/// The secrets that all of these clients have, and that are called like a key to log in with.
pub(super) fn login(project: &Project, clients: &[Host]) -> Vec<ManagedSecret> {
    let Some((first, others)) = clients.split_first() else {
        return Vec::new();
    };
    let others: Vec<_> = others.iter().map(|host| declared(project, host)).collect();
    let is_everybodys =
        |secret: &ManagedSecret| others.iter().all(|declared| declared.contains(secret));
    let all = declared(project, first).into_iter();
    all.filter(|secret| is_called(secret, LOGIN) && is_everybodys(secret))
        .collect()
}

fn declared(project: &Project, host: &Host) -> Vec<ManagedSecret> {
    let machine = project.host_survey().machine(host).unwrap_or_default();
    machine.declared_secrets().into_keys().collect()
}

fn is_called(secret: &ManagedSecret, words: &[&str]) -> bool {
    let name = secret.name().to_ascii_lowercase();
    words.iter().any(|word| name.contains(word)) && !name.contains("pub")
}
