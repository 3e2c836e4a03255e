//! The signing keys of caches that exist elsewhere.

use super::new_key::NewKey;
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{Fleet, HostName};
use crate::key::SigningPublicKey;

/// True if a cache of this name exists elsewhere.
pub(super) fn is_one(fleet: &Fleet, name: &HostName) -> bool {
    fleet.external_caches.contains_key(name)
}

/// Gives one its key; with `replace`, in place of all that are known.
///
/// # Errors
/// When another key is known, or this is no signing key.
pub(super) fn set(
    fleet: &mut Fleet,
    name: &HostName,
    key: &NewKey,
    replace: bool,
) -> Result<(), Stop> {
    let NewKey::Signing(key) = key else {
        return Err(not_a_signing_key(name));
    };
    let Some(cache) = fleet.external_caches.get_mut(name) else {
        return Ok(());
    };
    let keys = &mut cache.signing_keys;
    if keys.contains(key) {
        return Ok(());
    }
    if !keys.is_empty() && !replace {
        return Err(another_is_known(name, keys, key));
    }
    *keys = vec![key.clone()];
    Ok(())
}

fn not_a_signing_key(name: &HostName) -> Stop {
    let message = format!("`{name}` exists elsewhere: the only key of it that clients know signs");
    Diagnostic::error("key-kind", message)
        .about(name.to_string())
        .help("a signing key looks like `work:` and 44 characters of base64")
        .into()
}

fn another_is_known(name: &HostName, known: &[SigningPublicKey], new: &SigningPublicKey) -> Stop {
    let message = format!("`{name}` already has a different signing key");
    let all = known.iter().chain([new]);
    let all: Vec<String> = all.map(|key| format!("\"{key}\"")).collect();
    Diagnostic::error("key-known", message)
        .about(name.to_string())
        .help(format!(
            "to trust both: `signing-key = [{}]` under `[caches.{name}]`, and `larder sync`",
            all.join(", ")
        ))
        .help("to replace it: `--replace`")
        .into()
}
