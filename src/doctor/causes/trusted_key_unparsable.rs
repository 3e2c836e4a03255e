//! A trusted key that Nix cannot read makes every fetch fail.
//!
//! ## What it looks like
//! `error: public key is not valid`, for every path and from every cache, cache.nixos.org
//! included.
//!
//! ## What to do
//! Write the key as `NAME:BASE64` in `nix.settings.trusted-public-keys`, as
//! `nix key convert-secret-to-public` prints it on the cache, and switch the client.

use base64ct::{Base64, Encoding as _};

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Settings,
    check,
};

/// An ed25519 key has so many bytes; keys of newer kinds have more.
const SHORTEST: usize = 32;

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let client = evidence.client;
    let keys = client.trusted_keys();
    let bad = keys.into_iter().find(|key| !can_be_read(key))?;
    Some(
        Symptom::new(format!("`{}` trusts a key that Nix cannot read", client.name))
            .seen(&client.name, format!("trusted-public-keys has `{bad}`"))
            .cure("write it as NAME:BASE64 in `nix.settings.trusted-public-keys`, and switch"),
    )
}

fn can_be_read(key: &str) -> bool {
    let Some((name, base64)) = key.split_once(':') else {
        return false;
    };
    let bytes = Base64::decode_vec(base64);
    !name.is_empty() && bytes.is_ok_and(|bytes| bytes.len() >= SHORTEST)
}
