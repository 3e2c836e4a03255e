//! The secrets of agenix, sops-nix and clan that a machine's files declare.

use std::collections::BTreeMap;

use crate::fleet::{ManagedSecret, SecretManager};
use crate::repo::RepoPath;
use crate::survey::hit::{Hit, Spot};
use crate::survey::machine::{Machine, is_open};
use crate::survey::module_path::COMPUTED;
use crate::survey::unread::Unread;

impl Machine {
    /// The secrets that its files declare, each with the place where one is first named.
    pub fn declared_secrets(&self) -> BTreeMap<ManagedSecret, Spot> {
        let mut all = BTreeMap::new();
        for manager in SecretManager::ALL {
            for (names, hit) in self.below(manager.option()) {
                if let Some(secret) = secret_of(manager, &names) {
                    all.entry(secret).or_insert(hit.spot);
                }
            }
        }
        all
    }

    /// Whether its modules declare the secret; `None`: they may, where larder does not see it.
    /// Those in the folder `owned` declare none.
    pub fn declares(&self, secret: &ManagedSecret, owned: Option<&RepoPath>) -> Option<bool> {
        let option = secret.manager().option();
        let below = self.below(option);
        let is_it = |(names, _): &(Vec<String>, Hit)| {
            secret_of(secret.manager(), names).as_ref() == Some(secret)
        };
        if below.iter().any(is_it) {
            return Some(true);
        }
        let is_owned = |one: &&Unread| {
            let file = one.path().map(RepoPath::as_str).zip(owned);
            file.is_some_and(|(file, owned)| is_within(file, owned.as_str()))
        };
        let unread = self.unread();
        let mut unread = unread.iter().filter(|one| !is_owned(one));
        let may_say_more = match secret.manager() {
            // Generators come with the services of clan, which are modules of an input.
            SecretManager::Clan => unread.any(|one| !one.is_of_nixpkgs()),
            SecretManager::Agenix | SecretManager::Sops => unread.any(Unread::may_have_files),
        };
        let may_be_it = |(names, hit): &(Vec<String>, Hit)| may_declare(secret, names, hit);
        let is_unknown = may_say_more || self.is_hidden(option) || below.iter().any(may_be_it);
        (!is_unknown).then_some(false)
    }
}

/// The secret that a definition below the option is of, by the names that follow.
fn secret_of(manager: SecretManager, names: &[String]) -> Option<ManagedSecret> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    match (manager, names.as_slice()) {
        (_, names) if names.contains(&COMPUTED) => None,
        (SecretManager::Clan, [generator, "files", file, ..]) => {
            manager.secret(&format!("{generator}/{file}"))
        }
        (SecretManager::Clan, _) | (_, []) => None,
        (_, [name, ..]) => manager.secret(name),
    }
}

fn is_within(file: &str, folder: &str) -> bool {
    let rest = file.strip_prefix(folder);
    rest.is_some_and(|rest| rest.starts_with('/'))
}

/// True if a definition with a computed name, or of a computed set, may be of the secret.
fn may_declare(secret: &ManagedSecret, names: &[String], hit: &Hit) -> bool {
    let option = secret.manager().option().split('.').count();
    let path = secret.declaration();
    let path = path.get(option..).unwrap_or_default();
    let fits = |(name, part): (&String, &&str)| name == part || name == COMPUTED;
    let leads_there = names.iter().zip(path).all(fits);
    let is_whole_set = names.len() < path.len() && is_open(&hit.value);
    leads_there && (is_whole_set || names.iter().any(|name| name == COMPUTED))
}
