//! Public keys as the user gives them: the key itself, a file, or `-`.
//!
//! No message repeats what was given before it is known to be no private key.

use super::Ask;
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{Host, SSH_PORT, some_of};
use crate::key::{KeyError, PastedKey, PublicKey, SigningPublicKey, names_before_keys};

/// Everybody trusts its key already.
const PUBLIC_CACHE: &str = "cache.nixos.org";

/// A public SSH key.
///
/// # Errors
/// When it is none, or a file that cannot be read.
pub(super) fn ssh(ask: &mut dyn Ask, given: &str) -> Result<PublicKey, Stop> {
    only_ssh(any(ask, given)?)
}

/// A public SSH key of a host: of a `known_hosts` file with several machines, its line.
///
/// # Errors
/// As [`ssh`].
pub(super) fn ssh_of(ask: &mut dyn Ask, given: &str, host: &Host) -> Result<PublicKey, Stop> {
    only_ssh(any_of(ask, given, host)?)
}

fn only_ssh(key: PastedKey) -> Result<PublicKey, Stop> {
    match key {
        PastedKey::Ssh(key) => Ok(key),
        PastedKey::Signing(key) => Err(other_kind(
            &format!("`{}` is a Nix signing key, not an SSH key", key.name()),
            "a cache's signing key goes to `--signing-key`; an SSH key looks like `ssh-ed25519 AAAA…`",
        )),
    }
}

/// The public half of a Nix signing key.
///
/// # Errors
/// When it is none, or a file that cannot be read.
pub(super) fn signing(ask: &mut dyn Ask, given: &str) -> Result<SigningPublicKey, Stop> {
    match any(ask, given)? {
        PastedKey::Signing(key) => Ok(key),
        PastedKey::Ssh(_) => Err(ssh_for_signing()),
    }
}

fn ssh_for_signing() -> Stop {
    other_kind(
        "this is an SSH key, not a Nix signing key",
        "a signing key looks like `kalaw-1:` and 44 characters of base64",
    )
}

/// The public half of the signing key of any cache: what passes public paths on has them
/// signed by cache.nixos.org.
///
/// # Errors
/// When it is none, or a file that cannot be read.
pub(super) fn signing_of_any_cache(
    ask: &mut dyn Ask,
    given: &str,
) -> Result<SigningPublicKey, Stop> {
    match of_anybody(ask, given, None)? {
        PastedKey::Signing(key) => Ok(key),
        PastedKey::Ssh(_) => Err(ssh_for_signing()),
    }
}

/// A public key of either kind: its form tells which.
///
/// # Errors
/// When it is none, or a file that cannot be read.
pub(super) fn any(ask: &mut dyn Ask, given: &str) -> Result<PastedKey, Stop> {
    not_everybodys(of_anybody(ask, given, None)?)
}

/// As [`any`], of a host: of a `known_hosts` file with several machines, its line.
///
/// # Errors
/// As [`any`].
pub(super) fn any_of(ask: &mut dyn Ask, given: &str, host: &Host) -> Result<PastedKey, Stop> {
    not_everybodys(of_anybody(ask, given, Some(host))?)
}

fn not_everybodys(key: PastedKey) -> Result<PastedKey, Stop> {
    match &key {
        PastedKey::Signing(key) if key.name().starts_with(PUBLIC_CACHE) => Err(everybodys(key)),
        _ => Ok(key),
    }
}

fn of_anybody(ask: &mut dyn Ask, given: &str, host: Option<&Host>) -> Result<PastedKey, Stop> {
    match PastedKey::read(given) {
        Ok(key) => Ok(key),
        Err(KeyError::Empty) => Err(empty()),
        Err(KeyError::Several) => of_several(ask, given, host),
        Err(why) if why == KeyError::Private || is_meant_as_key(given) => Err(unreadable(&why)),
        Err(_) => in_file(ask, given, host),
    }
}

fn everybodys(key: &SigningPublicKey) -> Stop {
    let name = key.name();
    other_kind(
        &format!("`{name}` is the key of {PUBLIC_CACHE}, not of a machine of yours"),
        "the key of a cache of yours looks like `kalaw-1:` and 44 characters of base64",
    )
}

fn in_file(ask: &mut dyn Ask, file: &str, host: Option<&Host>) -> Result<PastedKey, Stop> {
    let text = ask.read(file).map_err(|stop| neither(stop, file))?;
    let key = match PastedKey::read(&text) {
        Err(KeyError::Several) => of_several(ask, &text, host),
        read => read.map_err(|why| unreadable(&why)),
    };
    key.map_err(|stop| match stop {
        Stop::Refused(mut reasons) => {
            for reason in &mut reasons {
                reason.message = format!("`{file}`: {}", reason.message);
            }
            Stop::Refused(reasons)
        }
        fault @ Stop::Fault(_) => fault,
    })
}

/// The key that lines of several machines have for a host.
fn of_several(ask: &mut dyn Ask, text: &str, host: Option<&Host>) -> Result<PastedKey, Stop> {
    let names = names_before_keys(text);
    let Some(host) = host else {
        return Err(several(&names, None));
    };
    let port = host.port.unwrap_or(SSH_PORT);
    let by_address = ask.known_host_in(text, host.address().as_str(), port);
    let lines = by_address.or_else(|| ask.known_host_in(text, host.name.as_str(), port));
    let lines = lines.ok_or_else(|| several(&names, Some(host)))?;
    PastedKey::read(&lines).map_err(|why| unreadable(&why))
}

/// Nothing tells which one is meant.
fn several(names: &[String], host: Option<&Host>) -> Stop {
    if names.is_empty() {
        return unreadable(&KeyError::Several);
    }
    let none = host.map(|host| format!(", and none of `{}`", host.address()));
    let message = format!(
        "these are keys of several machines, {}{}",
        some_of(names),
        none.unwrap_or_default()
    );
    Diagnostic::error("key-unreadable", message)
        .help("give the line of the machine that is meant")
        .into()
}

/// True for what nobody would call a file.
fn is_meant_as_key(given: &str) -> bool {
    let given = given.trim_start();
    let types = ["ssh-", "ecdsa-", "sk-", "@cert-authority", "@revoked"];
    let is_signing = given.contains(':') && !given.contains('/');
    given.contains(char::is_whitespace)
        || is_signing
        || types.iter().any(|one| given.starts_with(one))
}

fn empty() -> Stop {
    Diagnostic::error("key-empty", "no key was given: the value is empty")
        .help("a `$(…)` whose command failed gives nothing; run that command by itself to see why")
        .into()
}

fn unreadable(why: &KeyError) -> Stop {
    let help = match why {
        KeyError::Private => "give the public half: the `.pub` or `.public` file beside it",
        KeyError::BadSigningKey | KeyError::BadName => {
            "a signing key looks like `kalaw-1:` and 44 characters of base64"
        }
        KeyError::Authority => {
            "give the machine's own key: `/etc/ssh/ssh_host_ed25519_key.pub` on it"
        }
        _ => "a key looks like `ssh-ed25519 AAAA…`, a line of a `.pub` file or of `ssh-keyscan`",
    };
    Diagnostic::error("key-unreadable", why.to_string())
        .help(help)
        .into()
}

fn other_kind(message: &str, help: &str) -> Stop {
    Diagnostic::error("key-kind", message).help(help).into()
}

/// True for what may be a part of a private key. The lines of those are longer than this, and
/// the names of most files have dots or hyphens before.
fn may_be_secret(given: &str) -> bool {
    const LONG: usize = 44;
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    let mut words = given.split(|c| !is_base64(c));
    words.any(|word| word.len() >= LONG)
}

/// What is no key was taken for a file's name.
fn neither(stop: Stop, given: &str) -> Stop {
    let Stop::Refused(_) = stop else {
        return stop;
    };
    let what = if may_be_secret(given) {
        "this".to_owned()
    } else {
        format!("`{given}`")
    };
    let message = format!("{what} is neither a public key nor a readable file");
    Diagnostic::error("key-unreadable", message)
        .help("a key looks like `ssh-ed25519 AAAA…`, a signing key like `kalaw-1:` and 44 characters of base64")
        .into()
}
