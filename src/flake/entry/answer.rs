//! Values that a host has for itself, as they were given for the new one.

use std::net::IpAddr;

use crate::flake::entry::entry_text::{OWN, Position};
use crate::flake::entry::request::NewEntry;

/// The names under which a value can be given: its own, and all names below the host's.
pub(super) fn keys(position: &[String]) -> Vec<String> {
    let below = position.iter().rposition(|name| name == OWN);
    let names = &position[below.map_or(0, |at| at + 1)..];
    let (last, before) = names
        .split_last()
        .map_or(("", names), |(last, before)| (&**last, before));
    let is_name = |name: &&String| *name != "[]" && name.parse::<usize>().is_err();
    let path: Vec<&str> = before
        .iter()
        .filter(is_name)
        .map(String::as_str)
        .chain([last])
        .collect();
    let mut keys = vec![last.to_owned()];
    if path.len() > 1 {
        keys.push(path.join("."));
    }
    keys
}

/// The value at a position, where a sibling has `example`: given by its name, or the
/// address that was given.
pub(super) fn given(new: &NewEntry, position: &Position, example: &str) -> Option<String> {
    let keys = keys(position);
    let mut named = keys.iter().rev().filter_map(|key| new.values.get(key));
    if let Some(value) = named.next() {
        return Some(value.clone());
    }
    let key = keys.first().map_or("", String::as_str);
    address(new.address.as_deref()?, key, example)
}

/// True if an address may stand where a sibling has `example`.
pub(super) fn is_address(key: &str, example: &str) -> bool {
    let theirs = example.split('/').next().unwrap_or(example);
    theirs.parse::<IpAddr>().is_ok() || is_name(example, key)
}

/// The address in the form of a sibling's: a number in the network with the same length of
/// the prefix, or a name.
fn address(address: &str, key: &str, example: &str) -> Option<String> {
    let (theirs, prefix) = match example.split_once('/') {
        Some((theirs, prefix)) => (theirs, Some(prefix)),
        None => (example, None),
    };
    match (theirs.parse::<IpAddr>(), address.parse::<IpAddr>()) {
        (Ok(their), Ok(own)) if their.is_ipv4() == own.is_ipv4() => Some(prefix.map_or_else(
            || address.to_owned(),
            |prefix| format!("{address}/{prefix}"),
        )),
        (Err(_), _) if prefix.is_none() && is_name(example, key) => Some(address.to_owned()),
        _ => None,
    }
}

/// True for the name of a machine in the network: with a domain, or by what it is for.
fn is_name(example: &str, key: &str) -> bool {
    let is_label =
        |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    let is_name = example.split('.').all(is_label) && example.contains(char::is_alphabetic);
    let key = key.to_lowercase();
    let is_address = ["addr", "host", "fqdn", "domain", "target"];
    is_name && (example.contains('.') || is_address.iter().any(|word| key.contains(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_the_form_of_the_siblings() {
        let check = |example, given: &str, expected: Option<&str>| {
            assert_eq!(
                address(given, "ip", example).as_deref(),
                expected,
                "{example}"
            );
        };
        check("10.0.0.2", "10.0.0.9", Some("10.0.0.9"));
        check("10.0.0.2/24", "10.0.0.9", Some("10.0.0.9/24"));
        check("10.0.0.2", "fern.example.org", None);
        check("fd00::1", "10.0.0.9", None);
        check("a.lan.example", "10.0.0.9", Some("10.0.0.9"));
        check("52:54:00:aa:00:02", "10.0.0.9", None);
        check("7", "10.0.0.9", None);
    }

    #[test]
    fn a_value_is_named_by_its_last_name_or_all_below_the_host() {
        let position = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(keys(&position(&["rows", OWN, "ip"])), ["ip"]);
        assert_eq!(keys(&position(&[OWN, "net", "id"])), ["id", "net.id"]);
        assert_eq!(keys(&position(&[OWN, "2"])), ["2"]);
    }
}
