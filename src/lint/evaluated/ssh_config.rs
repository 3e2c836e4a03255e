//! The effective ssh configuration of one connection: the first value of a keyword
//! wins (`man 5 ssh_config`).

use std::collections::{BTreeMap, BTreeSet};

use crate::survey::ssh_config::blocks;

/// The values in force for one host and user.
#[derive(Debug, Default)]
pub(in crate::lint) struct EffectiveSsh {
    values: BTreeMap<String, String>,
    /// `IdentityFile` adds up.
    identities: Vec<String>,
    /// So does `CertificateFile`.
    certificates: usize,
    /// Keywords that a block may set of which it is not known whether it is for
    /// this connection (`Match exec`).
    open: BTreeSet<String>,
}

impl EffectiveSsh {
    /// Reads the text for a connection to `address` as `user`.
    pub(in crate::lint) fn of(text: &str, address: &str, user: &str) -> Self {
        let mut found = Self::default();
        for block in blocks(text) {
            let host = found.value("hostname").unwrap_or(address).to_owned();
            let applies = block.is_for_renamed(address, &host, user);
            for line in block.directives.iter().filter(|_| applies != Some(false)) {
                let value = line.arguments.join(" ");
                found.add(&line.keyword, value, applies.is_some());
            }
        }
        found
    }

    fn add(&mut self, keyword: &str, value: String, is_certain: bool) {
        if !is_certain {
            if !self.values.contains_key(keyword) {
                self.open.insert(keyword.to_owned());
            }
        } else if keyword == "identityfile" {
            self.identities.push(value);
        } else if keyword == "certificatefile" {
            self.certificates += 1;
        } else if !self.open.contains(keyword) {
            self.values.entry(keyword.to_owned()).or_insert(value);
        }
    }

    /// The value of a keyword in lower case.
    pub(in crate::lint) fn value(&self, keyword: &str) -> Option<&str> {
        self.values.get(keyword).map(String::as_str)
    }

    /// True if a keyword has no value, and none that depends on more.
    pub(in crate::lint) fn lacks(&self, keyword: &str) -> bool {
        self.value(keyword).is_none() && !self.open.contains(keyword)
    }

    /// True if a keyword's value is not known.
    pub(in crate::lint) fn is_open(&self, keyword: &str) -> bool {
        self.open.contains(keyword)
    }

    /// How many certificates are offered before any key.
    pub(in crate::lint) fn certificates(&self) -> usize {
        self.certificates
    }

    /// The identities, in order.
    pub(in crate::lint) fn identities(&self) -> &[String] {
        &self.identities
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_counts_and_identities_add_up() {
        let text = "Match originalhost kalaw user nix-ssh\n  Port 22\n  IdentityFile /a\nMatch all\nHost *\n  Port 23\n  IdentityFile /b\n";
        let ours = EffectiveSsh::of(text, "kalaw", "nix-ssh");
        assert_eq!(ours.value("port"), Some("22"));
        assert_eq!(ours.identities(), ["/a", "/b"]);
        assert_eq!(
            EffectiveSsh::of(text, "pai", "nix-ssh").value("port"),
            Some("23")
        );
    }

    #[test]
    fn match_host_sees_the_name_that_hostname_made() {
        let text = "Host kalaw\n  HostName 10.0.0.5\nMatch host kalaw\n  BatchMode yes\nMatch host 10.0.0.5\n  Port 2\n";
        let found = EffectiveSsh::of(text, "kalaw", "nix-ssh");
        assert!(found.lacks("batchmode"));
        assert_eq!(found.value("port"), Some("2"));
    }

    #[test]
    fn what_depends_on_a_command_is_open() {
        let text = "Match host kalaw exec \"test -e /x\"\n  BatchMode yes\nMatch all\n  Port 22\n";
        let found = EffectiveSsh::of(text, "kalaw", "nix-ssh");
        assert!(!found.lacks("batchmode") && found.is_open("batchmode"));
        assert_eq!(found.value("port"), Some("22"));
    }
}
