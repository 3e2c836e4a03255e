//! Answers that several verbs need: names, keys, and keys over the network.

use std::str::FromStr;

use super::{Ask, Question};
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{AbsolutePath, Host, NameError, SSH_PORT};
use crate::key::PublicKey;
use crate::nix::{AttrPath, AttrPathError};

/// A typed line that is a `T`.
pub(super) fn parsed_line<T>(ask: &mut dyn Ask, question: Question<'_>) -> Result<T, Stop>
where
    T: FromStr,
    T::Err: std::fmt::Display,
{
    parsed_line_or(ask, question, None)
}

/// A typed line that is a `T`, with a default.
pub(super) fn parsed_line_or<T>(
    ask: &mut dyn Ask,
    question: Question<'_>,
    default: Option<&str>,
) -> Result<T, Stop>
where
    T: FromStr,
    T::Err: std::fmt::Display,
{
    let valid = |line: &str| line.parse::<T>().map(drop).map_err(|e| e.to_string());
    let line = ask.line(question, default, &valid)?;
    line.parse().map_err(|_| question.unanswered())
}

/// A typed line of which `read` makes a `T`; a person is asked again until it does.
pub(super) fn asked<T>(
    ask: &mut dyn Ask,
    question: Question<'_>,
    read: impl Fn(&mut dyn Ask, &str) -> Result<T, Stop>,
) -> Result<T, Stop> {
    asked_or(ask, question, None, read)
}

/// As [`asked`], with a default.
pub(super) fn asked_or<T>(
    ask: &mut dyn Ask,
    question: Question<'_>,
    default: Option<&str>,
    read: impl Fn(&mut dyn Ask, &str) -> Result<T, Stop>,
) -> Result<T, Stop> {
    loop {
        let line = ask.line(question, default, &|_| Ok(()))?;
        match read(ask, &line) {
            Err(Stop::Refused(why)) if ask.has_person() => ask.reject(&why)?,
            read => return read,
        }
    }
}

/// A host key asked over the network and confirmed by a person, or by the
/// fingerprint that the user gave.
pub(super) fn scanned_key(
    ask: &mut dyn Ask,
    host: &Host,
    fingerprint: Option<&str>,
) -> Result<PublicKey, Stop> {
    let address = host.address().to_string();
    let lines = ask.scan(&address, host.port.unwrap_or(SSH_PORT))?;
    let keys: Vec<PublicKey> = lines.lines().filter_map(key_on_line).collect();
    let preferred = keys
        .iter()
        .find(|key| key.algorithm().name() == "ssh-ed25519");
    let Some(key) = preferred.or(keys.first()) else {
        return Err(no_key_shown(&address));
    };
    match fingerprint {
        Some(expected) => expect_fingerprint(&keys, &address, expected),
        None => confirm_fingerprint(ask, &address, key),
    }
}

/// `ssh-keyscan` prints `address type blob`.
fn key_on_line(line: &str) -> Option<PublicKey> {
    if line.starts_with('#') {
        return None;
    }
    line.split_once(' ')?.1.parse().ok()
}

fn confirm_fingerprint(
    ask: &mut dyn Ask,
    address: &str,
    key: &PublicKey,
) -> Result<PublicKey, Stop> {
    let shown = key.fingerprint();
    let text = format!("`{address}` shows the host key {shown}; is that it?");
    let flag = format!("--fingerprint {shown}");
    let question = Question {
        text: &text,
        flag: &flag,
    };
    if ask.confirm(question, false)? {
        return Ok(key.clone());
    }
    Err(Diagnostic::error(
        "host-key-declined",
        format!("the host key of `{address}` was declined"),
    )
    .into())
}

fn expect_fingerprint(
    keys: &[PublicKey],
    address: &str,
    expected: &str,
) -> Result<PublicKey, Stop> {
    let same = |key: &&PublicKey| key.fingerprint() == expected;
    if let Some(key) = keys.iter().find(same) {
        return Ok(key.clone());
    }
    let shown: Vec<String> = keys.iter().map(PublicKey::fingerprint).collect();
    let said = format!("`{address}` does not have a host key with fingerprint `{expected}`");
    Err(Diagnostic::error("host-key-unexpected", said)
        .help(format!(
            "it shows {}; find out why before you trust it",
            shown.join(", ")
        ))
        .into())
}

fn no_key_shown(address: &str) -> Stop {
    Diagnostic::error("host-key-absent", format!("`{address}` showed no host key"))
        .help("is sshd running there? else give the key with `--host-key KEY|FILE`")
        .into()
}

/// A path on a host, as it will stand in its configuration.
pub(super) fn absolute_path(said: &str) -> Result<AbsolutePath, Stop> {
    said.parse().map_err(|error: NameError| {
        Diagnostic::error("path-unusable", error.to_string())
            .about(said)
            .into()
    })
}

/// Where in a file a module is.
pub(super) fn attribute_path(said: &str) -> Result<AttrPath, Stop> {
    said.parse().map_err(|error: AttrPathError| {
        Diagnostic::error(
            "within-unusable",
            format!("`{said}` is not an attribute path: {error}"),
        )
        .about(said)
        .into()
    })
}
