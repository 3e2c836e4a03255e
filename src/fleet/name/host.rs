//! The names of hosts and of groups of hosts.

use std::borrow::Borrow;

use serde::{Deserialize, Serialize};

use super::{NameError, checked_name, only};

/// The name of a host: its key in `nixosConfigurations`.
///
/// One or more labels joined by dots (a flake may name its hosts by their full
/// domain names). A label is what NixOS takes as `networking.hostName`: letters,
/// digits, `-` and `_`, the first and last a letter or digit, at most 63. So the
/// name is also good as a file name, and can mean nothing in Nix, a URL or
/// `ssh_config`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct HostName(String);

checked_name!(HostName, check_host_name);

/// The name of a group of hosts; the inventory's selectors write it as `@name`.
/// A label like a host's; `all` is taken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Tag(String);

checked_name!(Tag, check_tag);

// So that a map of hosts can be asked for a name that is only text.
impl Borrow<str> for HostName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Tag {
    fn borrow(&self) -> &str {
        &self.0
    }
}

const LONGEST_NAME: usize = 253;
const LONGEST_LABEL: usize = 63;

fn check_host_name(text: &str) -> Result<(), NameError> {
    only("a host name", text, |c| in_label(c) || c == '.')?;
    if text.len() > LONGEST_NAME {
        return Err(NameError::TooLong {
            what: "a host name",
            most: LONGEST_NAME,
        });
    }
    text.split('.').try_for_each(check_label)
}

fn check_tag(text: &str) -> Result<(), NameError> {
    only("a tag", text, in_label)?;
    check_label(text)?;
    if text == "all" {
        return Err(NameError::Form("`@all` already means every host"));
    }
    Ok(())
}

fn in_label(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

fn check_label(label: &str) -> Result<(), NameError> {
    if label.len() > LONGEST_LABEL {
        return Err(NameError::TooLong {
            what: "a part of a name between dots",
            most: LONGEST_LABEL,
        });
    }
    let solid = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    if !solid(label.chars().next()) || !solid(label.chars().next_back()) {
        return Err(NameError::Form(
            "a name, and each part of it between dots, begins and ends with a letter or digit",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_real_flakes_are_names() {
        for name in [
            "pai",
            "x1",
            "desktop_2",
            "Kalaw",
            "web.example.org",
            "nixos-vm",
            "7",
        ] {
            assert_eq!(name.parse::<HostName>().unwrap().as_str(), name);
        }
    }

    #[test]
    fn what_means_something_elsewhere_is_no_name() {
        let bad = [
            "",
            ".",
            "..",
            "../x",
            "a/b",
            "a${b}",
            "a\"b",
            "has space",
            "-o",
            "a-",
            "_a",
            "a..b",
            "a.",
            "é",
            "a\nb",
            "*",
            "!a",
            "@a",
            "a:1",
        ];
        for name in bad {
            assert!(name.parse::<HostName>().is_err(), "{name:?}");
        }
        assert!("a".repeat(64).parse::<HostName>().is_err());
        assert!("a".repeat(63).parse::<HostName>().is_ok());
    }

    #[test]
    fn all_is_no_tag() {
        assert!("all".parse::<Tag>().is_err());
        assert!("a.b".parse::<Tag>().is_err());
        assert!("desktop".parse::<Tag>().is_ok());
    }
}
