//! The host through which another is reached.

use serde::{Deserialize, Serialize};

use super::{Address, NameError, checked_name};

/// The value of ssh's `ProxyJump`: `[USER@]HOST[:PORT]`, several joined by commas.
///
/// An IPv6 address stands in brackets when a port follows. `none` is no host.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ProxyJump(String);

checked_name!(ProxyJump, check);

/// One host of a [`ProxyJump`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hop {
    /// As whom to log in there; `None`: ssh decides, and for the Nix daemon that is root.
    pub user: Option<String>,
    /// Where it is reached.
    pub address: Address,
    /// The port of its sshd; `None`: ssh decides, which is 22.
    pub port: Option<u16>,
}

impl ProxyJump {
    /// The hosts on the way, the nearest to the client first.
    pub fn hops(&self) -> impl Iterator<Item = Hop> {
        self.0.split(',').filter_map(hop)
    }

    /// Each of them with those before it: the way to it.
    pub fn ways(&self) -> impl Iterator<Item = (Hop, Option<Self>)> {
        let starts = self.0.match_indices(',').map(|(at, _)| Some(at));
        let ends = std::iter::once(None).chain(starts);
        let way = |end: Option<usize>| Some(Self(self.0[..end?].to_owned()));
        self.hops().zip(ends.map(way))
    }
}

impl Hop {
    /// The host as `ssh` takes it for a destination: with a port only as a URI, and there an
    /// IPv6 address is in brackets.
    pub fn uri(&self) -> String {
        let user = self.user.iter().map(|user| format!("{user}@"));
        let port = self.port.iter().map(|port| format!(":{port}"));
        let (user, port) = (user.collect::<String>(), port.collect::<String>());
        if self.address.contains(':') {
            return format!("ssh://{user}[{}]{port}", self.address);
        }
        format!("ssh://{user}{}{port}", self.address)
    }
}

/// `None` for no text that a [`ProxyJump`] has.
fn hop(text: &str) -> Option<Hop> {
    let (user, place) = split_user(text);
    let (host, port) = split_port(place);
    Some(Hop {
        user: user.map(str::to_owned),
        address: host.parse().ok()?,
        port: port.and_then(|port| port.parse().ok()),
    })
}

fn check(text: &str) -> Result<(), NameError> {
    if text.is_empty() {
        return Err(NameError::Empty("a jump host"));
    }
    if text.eq_ignore_ascii_case("none") {
        return Err(NameError::Form("`none` is no jump host: leave the key out"));
    }
    text.split(',').try_for_each(check_hop)
}

fn check_hop(hop: &str) -> Result<(), NameError> {
    let (user, place) = split_user(hop);
    if !user.is_none_or(is_user) {
        return Err(NameError::Form(
            "the user before the `@` of a jump host has letters, digits, `.`, `_` and `-` only",
        ));
    }
    let (host, port) = split_port(place);
    if !port.is_none_or(is_port) {
        return Err(NameError::Form(
            "the port of a jump host is a number from 1 to 65535",
        ));
    }
    host.parse::<Address>().map(drop)
}

fn split_user(hop: &str) -> (Option<&str>, &str) {
    match hop.rsplit_once('@') {
        Some((user, place)) => (Some(user), place),
        None => (None, hop),
    }
}

fn is_user(user: &str) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    !user.is_empty() && !user.starts_with('-') && user.chars().all(good)
}

fn is_port(port: &str) -> bool {
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    digits && port.parse::<u16>().is_ok_and(|number| number > 0)
}

/// Host and port of `host`, `host:port`, `fd00::1`, `[fd00::1]` and `[fd00::1]:port`.
fn split_port(place: &str) -> (&str, Option<&str>) {
    if let Some((host, rest)) = place.strip_prefix('[').and_then(|p| p.split_once(']')) {
        return (
            host,
            rest.strip_prefix(':')
                .or((!rest.is_empty()).then_some(rest)),
        );
    }
    match place.split_once(':') {
        Some((host, port)) if !port.contains(':') => (host, Some(port)),
        _ => (place, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hops_have_a_user_and_a_port_if_they_want() {
        let good = [
            "bastion",
            "me@bastion",
            "me@bastion:2222",
            "fd00::1",
            "me@[fd00::1]:22",
            "[fd00::1]",
            "a,b@c:1",
        ];
        for text in good {
            assert_eq!(text.parse::<ProxyJump>().unwrap().as_str(), text);
        }
    }

    #[test]
    fn hops_come_apart() {
        let jump = "me@[fd00::1]:2222,gate".parse::<ProxyJump>().unwrap();
        let hops: Vec<Hop> = jump.hops().collect();
        assert_eq!(hops[0].user.as_deref(), Some("me"));
        assert_eq!(hops[0].address.as_str(), "fd00::1");
        assert_eq!(hops[0].port, Some(2222));
        assert_eq!(hops[1].address.as_str(), "gate");
        assert_eq!((&hops[1].user, hops[1].port), (&None, None));
        let ways: Vec<_> = jump.ways().map(|(_, way)| way).collect();
        assert_eq!(ways[0], None);
        assert_eq!(ways[1].as_deref(), Some("me@[fd00::1]:2222"));
    }

    #[test]
    fn nothing_else_gets_into_ssh_config() {
        let bad = [
            "",
            "none",
            "NONE",
            "ssh://a",
            "a b",
            "a,",
            ",a",
            "@a",
            "a:0",
            "a:x",
            "a:99999",
            "a:+22",
            "-o@a",
            "[fd00::1]x",
            "a\nProxyCommand sh",
            "%h",
            "a;b",
        ];
        for text in bad {
            assert!(text.parse::<ProxyJump>().is_err(), "{text:?}");
        }
    }
}
