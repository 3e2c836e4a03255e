//! One client's way to one cache over ssh, as the client shows it.

use super::dialogue::Dialogue;
use super::identity_file::IdentityFile;
use super::transcript::Transcript;
use crate::key::PublicKey;
use crate::survey::StoreUrl;

/// A substituter over ssh, and what ssh does to reach it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The substituter as in the settings of Nix.
    pub url: String,
    /// The same, taken apart.
    pub(super) store: StoreUrl,
    /// `ssh -G`.
    pub(super) ssh: Vec<(String, String)>,
    /// What the block for the cache in `/etc/ssh/ssh_config` wants.
    pub(super) intended: Vec<(String, String)>,
    /// The keys with which the client may log in.
    pub(super) identities: Vec<IdentityFile>,
    /// Files of known hosts, with the keys under which they pin the cache.
    pub(super) pins: Vec<(String, PublicKey)>,
    /// The cache is known by more than the keys in `pins`: by an authority, a program or DNS.
    pub(super) is_known_otherwise: bool,
    /// What the cache's sshd says to a client that does not log in.
    pub(super) greeting: Dialogue,
}

impl Route {
    /// The routes of a client.
    pub(super) fn all(transcript: &Transcript) -> Vec<Self> {
        let parts = transcript.parts("link");
        parts.iter().filter_map(Self::read).collect()
    }

    fn read(part: &Transcript) -> Option<Self> {
        let url = part.get("link")?.first()?;
        let ssh = pairs(part.output("ssh"));
        let pins = part.output("pins");
        Some(Self {
            url: url.to_owned(),
            store: StoreUrl::parse(url)?,
            is_known_otherwise: is_known_otherwise(&ssh, pins),
            ssh,
            intended: pairs(part.output("intended")),
            identities: part.all("identity").map(IdentityFile::read).collect(),
            pins: pins.iter().filter_map(|line| pin(line)).collect(),
            greeting: part.get("greeting").map(Dialogue::read).unwrap_or_default(),
        })
    }

    /// The first value of a keyword of ssh.
    pub(super) fn ssh(&self, keyword: &str) -> Option<&str> {
        let mut all = self.ssh.iter().filter(|(key, _)| key == keyword);
        all.next().map(|(_, value)| value.as_str())
    }

    /// The value that the block for the cache gives a keyword.
    pub(super) fn intended(&self, keyword: &str) -> Option<&str> {
        let mut all = self.intended.iter();
        let found = all.find(|(key, _)| key.eq_ignore_ascii_case(keyword));
        found.map(|(_, value)| value.as_str())
    }

    /// The user that logs in.
    pub fn user(&self) -> &str {
        self.ssh("user").unwrap_or("nix-ssh")
    }

    /// The name in the URL.
    pub fn host(&self) -> &str {
        &self.store.host
    }

    /// The name that ssh connects to, after any `HostName` of the user's.
    pub fn address(&self) -> &str {
        self.ssh("hostname").unwrap_or(&self.store.host)
    }

    /// The port that ssh connects to.
    pub(super) fn port(&self) -> &str {
        self.ssh("port").unwrap_or("22")
    }

    /// The name under which ssh looks up the cache's host key.
    pub(super) fn pinned_name(&self) -> String {
        match (self.ssh("hostkeyalias"), self.port()) {
            (Some(alias), _) => alias.to_owned(),
            (None, "22") => self.address().to_owned(),
            (None, port) => format!("[{}]:{port}", self.address()),
        }
    }

    /// True if the cache is reached through another machine or a program.
    pub fn is_indirect(&self) -> bool {
        let is_set = |keyword| self.ssh(keyword).is_some_and(|value| value != "none");
        let by_connector = self.ssh("proxyusefdpass") == Some("yes")
            && self
                .ssh("proxycommand")
                .is_some_and(|it| it.contains("larder-connect"));
        is_set("proxyjump") || is_set("proxycommand") && !by_connector
    }

    /// The public keys of its identities, as far as they are known, in order.
    pub fn public_keys(&self) -> impl Iterator<Item = &PublicKey> {
        self.identities
            .iter()
            .filter_map(|file| file.public.as_ref())
    }

    /// The public key to offer: of the first identity whose public half is known.
    pub fn public_key(&self) -> Option<&PublicKey> {
        self.public_keys().next()
    }
}

fn pairs(lines: &[String]) -> Vec<(String, String)> {
    let pairs = lines.iter().filter_map(|line| line.split_once(' '));
    pairs
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

/// True if a host key that is in no file may be the right one all the same.
fn is_known_otherwise(ssh: &[(String, String)], pins: &[String]) -> bool {
    let has = |keyword: &str, values: &[&str]| {
        let mut all = ssh.iter().filter(|(key, _)| key == keyword);
        all.next()
            .is_some_and(|(_, value)| values.contains(&value.as_str()))
    };
    let command = ssh.iter().find(|(key, _)| key == "knownhostscommand");
    command.is_some_and(|(_, value)| value != "none")
        || has("verifyhostkeydns", &["true", "yes"])
        || has(
            "stricthostkeychecking",
            &["false", "no", "off", "accept-new"],
        )
        || pins.iter().any(|line| line.contains(" @"))
}

fn pin(line: &str) -> Option<(String, PublicKey)> {
    let (file, key) = line.split_once(' ')?;
    Some((file.to_owned(), key.parse().ok()?))
}
