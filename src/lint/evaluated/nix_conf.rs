//! The nix.conf that a host's Nix reads.

use serde::Deserialize;

use crate::survey::nix_flag;

/// `nix.settings`, and the text of `nix.extraOptions` behind it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a setting of its own in nix.conf"
)]
#[serde(rename_all = "camelCase")]
pub(in crate::lint) struct NixConf {
    /// False: NixOS writes none.
    pub(in crate::lint) enable: bool,
    implementation: String,
    version: String,
    substituters: Vec<String>,
    extra_substituters: Vec<String>,
    trusted_public_keys: Vec<String>,
    extra_trusted_public_keys: Vec<String>,
    substitute: bool,
    fallback: bool,
    require_sigs: bool,
    trusted_users: Vec<String>,
    allowed_users: Vec<String>,
    /// The user that the daemon runs as.
    pub(in crate::lint) daemon_user: String,
    secret_key_files: Vec<String>,
    extra_options: String,
}

/// A setting that is a list.
#[derive(Debug, Clone, Copy)]
pub(in crate::lint) enum List {
    Substituters,
    TrustedKeys,
    TrustedUsers,
    AllowedUsers,
    SecretKeyFiles,
}

impl NixConf {
    /// The words of a list: a line of `nix.extraOptions` overrides all before it, or
    /// adds to them. `extra_counts`: a definition of `extra-…` adds as well.
    pub(super) fn words(&self, list: List, extra_counts: bool) -> Vec<String> {
        let (name, plain, extra) = self.list(list);
        let extra = extra.iter().filter(|_| extra_counts);
        let mut words = split(plain.iter().chain(extra));
        for (key, value) in self.lines() {
            if key == name {
                words = split([value]);
            } else if key.strip_prefix("extra-") == Some(name) {
                words.extend(split([value]));
            }
        }
        words
    }

    /// True if a line of `nix.extraOptions` overrides the list.
    pub(in crate::lint) fn is_overridden_by_text(&self, list: List) -> bool {
        let (name, ..) = self.list(list);
        self.lines().any(|(key, _)| key == name)
    }

    /// True if Nix fetches at all.
    pub(in crate::lint) fn substitutes(&self) -> bool {
        let in_text = self.flag_in_text(&["substitute", "build-use-substitutes"]);
        in_text.unwrap_or(self.substitute)
    }

    /// True if Nix builds what it cannot fetch.
    pub(in crate::lint) fn falls_back(&self) -> bool {
        let in_text = self.flag_in_text(&["fallback", "build-fallback"]);
        in_text.unwrap_or(self.fallback)
    }

    /// True if Nix takes only what is signed.
    pub(in crate::lint) fn requires_signatures(&self) -> bool {
        let in_text = self.flag_in_text(&["require-sigs"]);
        in_text.unwrap_or(self.require_sigs)
    }

    /// True if this Nix can use several connections to a store at once.
    pub(in crate::lint) fn knows_several_connections(&self) -> bool {
        self.implementation == "nix" && is_at_least(&self.version, (2, 34))
    }

    /// True for a Lix that cannot fetch over ssh.
    pub(in crate::lint) fn is_old_lix(&self) -> bool {
        self.implementation == "lix" && !is_at_least(&self.version, (2, 94))
    }

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

    /// The flag in the last line of these names.
    fn flag_in_text(&self, names: &[&str]) -> Option<bool> {
        let last = self.lines().filter(|(key, _)| names.contains(key)).last();
        last.and_then(|(_, value)| nix_flag(value))
    }
}

/// Joined with blanks and split again, as nix.conf does.
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
