//! Where a machine is reached.

use std::net::{Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use super::{HostName, NameError, checked_name, only};

/// A DNS name, an IPv4 address, or an IPv6 address without brackets and zone.
///
/// It holds letters, digits, `-`, `_`, `.` and `:` only, and does not begin with
/// a dash: nothing that ssh could take for an option, a pattern or a token, or a
/// URL for its own syntax. In a URL and in known hosts an IPv6 address needs
/// brackets: see [`Address::is_ipv6`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Address(String);

checked_name!(Address, check);

impl Address {}

impl From<&HostName> for Address {
    fn from(name: &HostName) -> Self {
        Self(name.as_str().to_owned())
    }
}

const LONGEST: usize = 253;

fn check(text: &str) -> Result<(), NameError> {
    if text.contains(':') {
        return check_ipv6(text);
    }
    only("an address", text, |c| {
        c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
    })?;
    if text.len() > LONGEST {
        return Err(NameError::TooLong {
            what: "an address",
            most: LONGEST,
        });
    }
    check_labels(text)
}

fn check_ipv6(text: &str) -> Result<(), NameError> {
    if text.parse::<Ipv6Addr>().is_ok() {
        return Ok(());
    }
    Err(NameError::Form(
        "an address has no scheme, port, brackets or zone: it is a DNS name, an IPv4 or an IPv6 address",
    ))
}

fn check_labels(text: &str) -> Result<(), NameError> {
    let good = |label: &str| {
        !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-')
    };
    if !text.split('.').all(good) {
        return Err(NameError::Form(
            "each part of an address between dots has 1 to 63 characters and no dash at its ends",
        ));
    }
    // `10.0.0.300` or `10.0.0` would be looked up as something else than it seems.
    let last = text.rsplit('.').next().unwrap_or(text);
    let numeric = last.bytes().all(|byte| byte.is_ascii_digit());
    if numeric && text.contains('.') && text.parse::<Ipv4Addr>().is_err() {
        return Err(NameError::Form(
            "an IPv4 address has four numbers from 0 to 255",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_taken_as_they_are() {
        for text in [
            "kalaw.fritz.box",
            "my_nas",
            "10.0.0.5",
            "fd00::1",
            "::ffff:10.0.0.5",
            "2",
        ] {
            assert_eq!(text.parse::<Address>().unwrap().as_str(), text);
        }
    }

    #[test]
    fn nothing_that_a_url_or_ssh_would_read_is_an_address() {
        let bad = [
            "",
            "ssh://kalaw",
            "root@kalaw",
            "kalaw:22",
            "[fd00::1]",
            "fe80::1%eth0",
            "-oProxyCommand=x",
            "kalaw.",
            ".lan",
            "a b",
            "*.lan",
            "!x",
            "%h",
            "${x}",
            "10.0.0.300",
            "10.0.1",
            "a/b",
            "a,b",
            "a\nb",
        ];
        for text in bad {
            assert!(text.parse::<Address>().is_err(), "{text:?}");
        }
    }
}
