//! The host through which another is reached.

use serde::{Deserialize, Serialize};

use super::{Address, NameError, checked_name};

/// The value of ssh's `ProxyJump`: `[USER@]HOST[:PORT]`, several joined by commas.
///
/// An IPv6 address stands in brackets when a port follows. `none` is no host.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ProxyJump(String);

checked_name!(ProxyJump, check);

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
    let (user, place) = hop
        .rsplit_once('@')
        .map_or((None, hop), |(u, p)| (Some(u), p));
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
