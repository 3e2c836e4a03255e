//! Answers that several verbs need: names, keys, and keys over the network.

use std::str::FromStr;

use super::{Ask, Question};
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{AbsolutePath, Host, NameError};
use crate::key::{PublicKey, SigningPublicKey};
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

/// A public key given as itself, as a file, or as `-` for standard input.
pub(super) fn public_key(ask: &mut dyn Ask, said: &str) -> Result<PublicKey, Stop> {
    if looks_like_key(said) {
        return key_of(said);
    }
    let text = ask.read(said).map_err(|stop| neither(stop, said))?;
    key_of(&text).map_err(|stop| in_file(stop, said))
}

/// What is no key was taken for a file's name.
fn neither(stop: Stop, said: &str) -> Stop {
    let Stop::Refused(mut reasons) = stop else {
        return stop;
    };
    for reason in &mut reasons {
        reason.message = format!(
            "`{said}` is no public SSH key, and as a file: {}",
            reason.message
        );
        reason
            .help
            .push("a key looks like `ssh-ed25519 AAAA…`".to_owned());
    }
    Stop::Refused(reasons)
}

/// A public key in the text of a `.pub` file: its first line that is not empty
/// and not a comment.
pub(super) fn key_of(text: &str) -> Result<PublicKey, Stop> {
    let is_said = |line: &&str| !line.is_empty() && !line.starts_with('#');
    let line = text.lines().map(str::trim).find(is_said).unwrap_or("");
    line.parse().map_err(|error: crate::key::KeyError| {
        Diagnostic::error(
            "key-unreadable",
            format!("this is no public SSH key: {error}"),
        )
        .help("give the line of a `.pub` file, as in `ssh-ed25519 AAAA…`")
        .into()
    })
}

fn looks_like_key(said: &str) -> bool {
    said.trim_start().contains(' ') || said.starts_with("ssh-") || said.starts_with("ecdsa-")
}

fn in_file(stop: Stop, file: &str) -> Stop {
    let Stop::Refused(mut said) = stop else {
        return stop;
    };
    for diagnostic in &mut said {
        diagnostic.message = format!("`{file}`: {}", diagnostic.message);
    }
    Stop::Refused(said)
}

/// A host key asked over the network and confirmed by a person, or by the
/// fingerprint that the user gave.
pub(super) fn scanned_key(
    ask: &mut dyn Ask,
    host: &Host,
    fingerprint: Option<&str>,
) -> Result<PublicKey, Stop> {
    let address = host.address().to_string();
    let lines = ask.scan(&address, host.port.unwrap_or(22))?;
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

/// The public half of a Nix signing key: itself, a file, or `-`.
pub(super) fn signing_key(ask: &mut dyn Ask, said: &str) -> Result<SigningPublicKey, Stop> {
    let is_key = said.parse::<SigningPublicKey>().is_ok();
    let text = if is_key || (said.contains(':') && !said.contains('/')) {
        said.to_owned()
    } else {
        ask.read(said)?
    };
    text.trim().parse().map_err(|error: crate::key::KeyError| {
        Diagnostic::error(
            "key-unreadable",
            format!("this is no public signing key: {error}"),
        )
        .help(
            "it looks like `kalaw-1:` and 44 characters of base64; the secret half never goes here",
        )
        .into()
    })
}
