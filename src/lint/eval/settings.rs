//! What a host's settings come to, as its own Nix says (`io/nix_cli/settings.nix`).

use serde::Deserialize;

use crate::diagnostic::Diagnostic;
use crate::survey::StoreUrl;

/// What Nix said of one host.
#[derive(Debug, Clone)]
pub enum Answer {
    /// Its settings, after all modules have been merged.
    Settings(Box<Settings>),
    /// The flake defines no such host.
    Absent,
    /// Nothing, and why.
    Failed(Diagnostic),
}

/// The settings of one host that concern caches.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Settings {
    pub(super) nix: Nix,
    pub(super) serve: Serve,
    pub(super) sshd: Sshd,
    pub(super) ssh: Ssh,
    /// The release of NixOS, as in `24.05`.
    release: Option<String>,
    /// What larder's own modules warn of; `None`: it could not be asked for.
    warnings: Option<Vec<String>>,
}

/// nix.conf: `nix.settings`, and the text of `nix.extraOptions` behind it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Nix {
    pub(super) enable: bool,
    implementation: String,
    version: String,
    substituters: Vec<String>,
    extra_substituters: Vec<String>,
    trusted_public_keys: Vec<String>,
    extra_trusted_public_keys: Vec<String>,
    fallback: bool,
    require_sigs: bool,
    trusted_users: Vec<String>,
    allowed_users: Vec<String>,
    secret_key_files: Vec<String>,
    extra_options: String,
}

/// `nix.sshServe`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own in NixOS"
)]
#[serde(rename_all = "camelCase")]
pub(super) struct Serve {
    pub(super) enable: bool,
    pub(super) protocol: String,
    pub(super) write: bool,
    pub(super) trusted: bool,
    pub(super) keys: Vec<String>,
    pub(super) has_key_files: bool,
}

/// `services.openssh`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Sshd {
    pub(super) enable: bool,
    pub(super) ports: Vec<u16>,
    makes_keys: bool,
    host_keys: Vec<HostKey>,
    pub(super) allow_users: Option<Vec<String>>,
    pub(super) allow_groups: Option<Vec<String>>,
    pub(super) deny_users: Option<Vec<String>>,
    pub(super) deny_groups: Option<Vec<String>>,
    pub(super) max_sessions: Option<String>,
    pub(super) extra_config: String,
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
pub(super) struct Ssh {
    pub(super) config: String,
    pub(super) has_known_hosts_files: bool,
    pub(super) known_hosts: Vec<KnownHost>,
}

/// One of `programs.ssh.knownHosts`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct KnownHost {
    pub(super) names: Vec<String>,
    /// `None`: it stands in a file.
    pub(super) key: Option<String>,
    pub(super) is_authority: bool,
}

/// A setting that is a list, by its name in nix.conf.
#[derive(Debug, Clone, Copy)]
pub(super) enum List {
    Substituters,
    TrustedKeys,
    TrustedUsers,
    AllowedUsers,
    SecretKeyFiles,
}

/// Before this release `extra-…` stood before the setting that it adds to, which
/// took its place.
const EXTRA_COUNTS: &str = "24.05";

impl Answer {
    /// Reads what `settings.nix` gives.
    ///
    /// # Errors
    /// When it is something else.
    pub fn read(json: serde_json::Value) -> Result<Self, serde_json::Error> {
        let settings: Option<Settings> = serde_json::from_value(json)?;
        Ok(settings.map_or(Self::Absent, |settings| Self::Settings(Box::new(settings))))
    }

    /// The settings, where there are any.
    pub(super) fn settings(&self) -> Option<&Settings> {
        match self {
            Self::Settings(settings) => Some(settings),
            Self::Absent | Self::Failed(_) => None,
        }
    }
}

impl Settings {
    /// The words of a list in the nix.conf that Nix reads: a line of
    /// `nix.extraOptions` takes the place of all before it, or adds to them.
    pub(super) fn words(&self, list: List) -> Vec<String> {
        let (name, plain, extra) = self.nix.list(list);
        let extra_counts = self
            .release
            .as_deref()
            .is_none_or(|release| release >= EXTRA_COUNTS);
        let extra = extra.iter().filter(|_| extra_counts);
        let mut words = split(plain.iter().chain(extra));
        for (key, value) in self.nix.lines() {
            if key == name {
                words = split([value]);
            } else if key.strip_prefix("extra-") == Some(name) {
                words.extend(split([value]));
            }
        }
        words
    }

    /// True if a line of `nix.extraOptions` takes the place of the list.
    pub(super) fn is_replaced(&self, list: List) -> bool {
        let (name, ..) = self.nix.list(list);
        self.nix.lines().any(|(key, _)| key == name)
    }

    /// True if Nix builds what it cannot fetch.
    pub(super) fn falls_back(&self) -> bool {
        self.nix.told("fallback").unwrap_or(self.nix.fallback)
    }

    /// True if Nix takes only what is signed.
    pub(super) fn wants_signatures(&self) -> bool {
        let told = self.nix.told("require-sigs");
        told.unwrap_or(self.nix.require_sigs)
    }

    /// The stores that are reached over ssh.
    pub(super) fn ssh_stores(&self) -> Vec<StoreUrl> {
        let all = self.words(List::Substituters);
        all.iter().filter_map(|url| StoreUrl::parse(url)).collect()
    }

    /// True if its Nix can use several connections to a store at once.
    pub(super) fn knows_several_connections(&self) -> bool {
        self.nix.implementation == "nix" && is_at_least(&self.nix.version, (2, 34))
    }

    /// The ed25519 host keys that the host has.
    pub(super) fn host_keys(&self) -> Vec<&str> {
        let sshd = &self.sshd;
        let keys = sshd.host_keys.iter();
        let keys = keys.filter(|_| sshd.enable || sshd.makes_keys);
        keys.filter(|key| key.kind.as_deref() == Some("ed25519"))
            .map(|key| key.path.as_str())
            .collect()
    }

    /// What larder's modules warn of about this cache.
    pub(in crate::lint) fn warnings_about(&self, cache: &str) -> impl Iterator<Item = &str> {
        let start = format!("larder: the cache `{cache}` ");
        let all = self.warnings.iter().flatten();
        all.filter_map(move |warning| warning.strip_prefix(&start))
    }
}

impl Nix {
    fn list(&self, list: List) -> (&'static str, &[String], &[String]) {
        match list {
            List::Substituters => ("substituters", &self.substituters, &self.extra_substituters),
            List::TrustedKeys => (
                "trusted-public-keys",
                &self.trusted_public_keys,
                &self.extra_trusted_public_keys,
            ),
            List::TrustedUsers => ("trusted-users", &self.trusted_users, &[]),
            List::AllowedUsers => ("allowed-users", &self.allowed_users, &[]),
            List::SecretKeyFiles => ("secret-key-files", &self.secret_key_files, &[]),
        }
    }

    /// The lines of `nix.extraOptions`, in order.
    fn lines(&self) -> impl Iterator<Item = (&str, &str)> {
        let lines = self.extra_options.lines();
        lines.filter_map(|line| {
            let line = line.split('#').next().unwrap_or_default();
            let (name, value) = line.split_once('=')?;
            Some((name.trim(), value.trim()))
        })
    }

    /// What the last line of this name says.
    fn told(&self, name: &str) -> Option<bool> {
        let told = self.lines().filter(|(key, _)| *key == name).last();
        told.map(|(_, value)| value == "true")
    }
}

/// The items become one line of words: an item with a blank is two.
fn split(texts: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<String> {
    let mut words = Vec::new();
    for text in texts {
        words.extend(text.as_ref().split_whitespace().map(str::to_owned));
    }
    words
}

/// True if a version such as `2.34.8` or `2.35pre2026` is not older.
fn is_at_least(version: &str, least: (u32, u32)) -> bool {
    let mut parts = version.split('.').map(|part| {
        let digits = part.find(|c: char| !c.is_ascii_digit());
        part[..digits.unwrap_or(part.len())].parse().unwrap_or(0)
    });
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) >= least
}
