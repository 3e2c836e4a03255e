//! Whether larder's own block of `ssh_config` is in force on a link.

use crate::fleet::{Identity, Link};
use crate::lint::evaluated::link::EvaluatedLink;

/// The lines of larder's block that are the same for every link, and that a block before it
/// would break a login with.
const FIXED: &[(&str, &str)] = &[
    ("ControlMaster", "no"),
    ("IdentitiesOnly", "yes"),
    ("BatchMode", "yes"),
    ("StrictHostKeyChecking", "yes"),
    ("GlobalKnownHostsFile", "/etc/ssh/ssh_known_hosts"),
    ("UserKnownHostsFile", "none"),
    ("KnownHostsCommand", "none"),
    ("RevokedHostKeys", "none"),
    ("VerifyHostKeyDNS", "no"),
    ("HostKeyAlgorithms", "+ssh-ed25519"),
    ("KexAlgorithms", "+curve25519-sha256"),
    ("Ciphers", "+aes256-ctr"),
    ("MACs", "+hmac-sha2-256"),
    ("PreferredAuthentications", "publickey"),
    ("PubkeyAuthentication", "yes"),
    ("PubkeyAcceptedAlgorithms", "+ssh-ed25519"),
    ("IdentityAgent", "none"),
    ("PKCS11Provider", "none"),
    ("RemoteCommand", "none"),
    ("SessionType", "default"),
    ("RequestTTY", "no"),
    ("StdinNull", "no"),
    ("ForkAfterAuthentication", "no"),
    ("PermitLocalCommand", "no"),
    ("ClearAllForwardings", "yes"),
    ("CanonicalizeHostname", "no"),
];

/// The lines of larder's block for a link that a block before it would break a login with.
pub(in crate::lint) fn block_lines(link: &Link<'_>) -> Vec<(&'static str, String)> {
    let of_link = [
        ("HostName", link.address.to_string()),
        ("HostKeyAlias", link.cache.ssh_alias()),
        ("Port", link.port.to_string()),
    ];
    let fixed = FIXED.iter();
    let fixed = fixed.map(|(keyword, value)| (*keyword, (*value).to_owned()));
    of_link.into_iter().chain(fixed).collect()
}

impl EvaluatedLink<'_> {
    /// The first line of the effective configuration that differs from larder's
    /// block: an earlier block wins, or ours is missing. `None`: the block is in
    /// force, or there is none: people wired the cache by hand, or it is reached through a tunnel.
    pub(in crate::lint) fn overridden_ssh(&self) -> Option<String> {
        if self.is_adopted() || self.is_tunnelled() {
            return None;
        }
        let line = self.overridden_line().or_else(|| self.overridden_connect());
        line.or_else(|| {
            let other = self.overridden_identity()?;
            Some(format!("IdentityFile {other}"))
        })
    }

    fn overridden_line(&self) -> Option<String> {
        let mut wanted = block_lines(self).into_iter();
        wanted.find_map(|(keyword, value)| {
            let lower = keyword.to_ascii_lowercase();
            match self.ssh.value(&lower) {
                Some(is) if is.eq_ignore_ascii_case(&value) => None,
                Some(is) => Some(format!("{keyword} {is}")),
                None if self.ssh.is_open(&lower) => None,
                None => Some(format!("no {keyword}")),
            }
        })
    }

    fn overridden_connect(&self) -> Option<String> {
        let command = self.ssh.value("proxycommand")?;
        let is_larders = command.contains("-larder-connect ");
        (!is_larders).then(|| format!("ProxyCommand {command}"))
    }

    /// The key that is tried, where it is not the inventory's.
    fn overridden_identity(&self) -> Option<&String> {
        let first = self.ssh.identities().first()?;
        let is_ours = match self.identity {
            // A client without one is another rule's.
            Identity::HostKey => {
                let keys = self.settings.host_keys();
                keys.is_empty() || keys.contains(&first.as_str())
            }
            Identity::File { path, .. } => {
                let path = self.settings.path_of(path);
                path.is_none_or(|path| first == path)
            }
        };
        (!is_ours).then_some(first)
    }
}
