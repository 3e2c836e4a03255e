//! The settings of one host that concern caches (`io/nix_cli/settings.nix`).

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::fleet::SecretFile;
use crate::key::{AuthorizedKey, PublicKey, SigningPublicKey};
use crate::lint::evaluated::nix_conf::{List, NixConf};

/// What all modules of a host come to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Settings {
    pub(in crate::lint) nix: NixConf,
    pub(in crate::lint) serve: Serve,
    pub(in crate::lint) sshd: Sshd,
    pub(in crate::lint) ssh: Ssh,
    /// The paths of the secrets of agenix, sops-nix and clan, by their names in the inventory.
    secrets: BTreeMap<String, String>,
    /// The release of NixOS, as in `24.05`.
    release: Option<String>,
    /// What its modules warn of; `None`: it could not be asked for.
    warnings: Option<Vec<String>>,
}

/// `nix.sshServe`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own in NixOS"
)]
#[serde(rename_all = "camelCase")]
pub(in crate::lint) struct Serve {
    pub(in crate::lint) enable: bool,
    pub(in crate::lint) protocol: String,
    pub(in crate::lint) write: bool,
    pub(in crate::lint) trusted: bool,
    pub(in crate::lint) keys: Vec<String>,
    pub(in crate::lint) has_key_files: bool,
    /// sshd lets nobody into the account, unless PAM decides.
    pub(in crate::lint) is_locked: bool,
    /// The program that sshd starts Nix by.
    pub(in crate::lint) shell: String,
    pub(in crate::lint) has_account: bool,
    /// Those that nix-ssh is in.
    pub(in crate::lint) groups: Vec<String>,
}

/// `services.openssh`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own in NixOS"
)]
#[serde(rename_all = "camelCase")]
pub(in crate::lint) struct Sshd {
    pub(in crate::lint) enable: bool,
    pub(in crate::lint) ports: Vec<u16>,
    makes_keys: bool,
    host_keys: Vec<HostKey>,
    pub(in crate::lint) allow_users: Option<Vec<String>>,
    pub(in crate::lint) allow_groups: Option<Vec<String>>,
    pub(in crate::lint) deny_users: Option<Vec<String>>,
    pub(in crate::lint) deny_groups: Option<Vec<String>>,
    pub(in crate::lint) authentication_methods: Option<String>,
    pub(in crate::lint) pubkey_authentication: bool,
    pub(in crate::lint) pubkey_accepted_algorithms: Option<String>,
    pub(in crate::lint) host_key_algorithms: Option<String>,
    pub(in crate::lint) uses_pam: bool,
    pub(in crate::lint) chroot_directory: Option<String>,
    /// It runs for the cache alone, and nobody says that it takes passwords, which it
    /// does; `None`: that cannot be asked of this NixOS.
    pub(in crate::lint) takes_passwords_by_default: Option<bool>,
    pub(in crate::lint) authorized_keys_files: Vec<String>,
    /// The users with keys, by name.
    logins: BTreeMap<String, Login>,
    /// Keys come from elsewhere, too: a command, or an authority that certifies them.
    has_other_keys: bool,
    pub(in crate::lint) max_sessions: Option<String>,
    pub(in crate::lint) extra_config: String,
}

/// `users.users.….openssh.authorizedKeys`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Login {
    keys: Vec<String>,
    has_key_files: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct HostKey {
    #[serde(rename = "type")]
    kind: Option<String>,
    path: String,
}

/// `programs.ssh`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::lint) struct Ssh {
    pub(in crate::lint) config: String,
    pub(in crate::lint) has_known_hosts_files: bool,
    pub(in crate::lint) known_hosts: Vec<KnownHost>,
}

/// One of `programs.ssh.knownHosts`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::lint) struct KnownHost {
    pub(in crate::lint) names: Vec<String>,
    /// `None`: it is in a file.
    pub(in crate::lint) key: Option<String>,
    pub(in crate::lint) is_authority: bool,
}

/// Before this release `extra-…` came before the setting that it adds to, which
/// overrode it.
const EXTRA_COUNTS: &str = "24.05";

impl Settings {
    /// The words of a list in nix.conf.
    pub(in crate::lint) fn words(&self, list: List) -> Vec<String> {
        let release = self.release.as_deref();
        let extra_counts = release.is_none_or(|release| release >= EXTRA_COUNTS);
        self.nix.words(list, extra_counts)
    }

    /// True if signatures by each of these keys are taken, or what is not signed at all.
    pub(in crate::lint) fn trusts<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k SigningPublicKey>,
    ) -> bool {
        let trusted = self.words(List::TrustedKeys);
        let mut keys = keys.into_iter();
        keys.all(|key| trusted.contains(&key.to_string())) || !self.nix.requires_signatures()
    }

    /// The types of the host keys that sshd is given (`ed25519`).
    pub(in crate::lint) fn host_key_types(&self) -> Vec<&str> {
        let keys = self.sshd.host_keys.iter();
        keys.filter_map(|key| key.kind.as_deref()).collect()
    }

    /// The ed25519 host keys that the host has.
    pub(in crate::lint) fn host_keys(&self) -> Vec<&str> {
        let sshd = &self.sshd;
        let keys = sshd.host_keys.iter();
        let keys = keys.filter(|_| sshd.enable || sshd.makes_keys);
        keys.filter(|key| key.kind.as_deref() == Some("ed25519"))
            .map(|key| key.path.as_str())
            .collect()
    }

    /// Whether sshd lets this user in with this key, as far as the modules say so: true as well
    /// where there are keys that are not seen.
    pub(in crate::lint) fn may_let_in(&self, user: &str, key: &PublicKey) -> bool {
        let login = self.sshd.logins.get(user);
        let is_its = |line: &String| {
            let line = line.parse::<AuthorizedKey>();
            line.is_ok_and(|line| line.key == *key)
        };
        let has_it = |login: &Login| login.has_key_files || login.keys.iter().any(is_its);
        self.sshd.has_other_keys || login.is_some_and(has_it)
    }

    /// Where a private key is on this host; `None`: nothing declares the secret.
    pub(in crate::lint) fn path_of<'s>(&'s self, file: &'s SecretFile) -> Option<&'s str> {
        match file {
            SecretFile::Path(path) => Some(path),
            SecretFile::Managed(secret) => {
                self.secrets.get(&secret.to_string()).map(String::as_str)
            }
        }
    }

    /// What modules other than larder's warn of.
    pub(in crate::lint) fn foreign_warnings(&self) -> impl Iterator<Item = &str> {
        let all = self.warnings.iter().flatten().map(String::as_str);
        all.filter(|warning| !warning.starts_with("larder:"))
    }

    /// What larder's modules warn of about this cache.
    pub(in crate::lint) fn warnings_about(&self, cache: &str) -> impl Iterator<Item = &str> {
        let start = format!("larder: the cache `{cache}` ");
        let all = self.warnings.iter().flatten();
        all.filter_map(move |warning| warning.strip_prefix(&start))
    }
}
