//! The cache signs with another key than the trusted one of the same name.
//!
//! ## What it looks like
//! `not signed by any of the keys in 'trusted-public-keys'`, though a trusted key has the
//! name that is in the signature. The cache has lost its key and made a new one (a disk that
//! was wiped, a reinstalled machine), or the wrong line was copied.
//!
//! ## What to do
//! Put the old key back from a backup; or take the new one under a new name, so that what
//! the old one signed stays what it is.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Signature,
    check,
};

const CURE: &str =
    "put the old key back; or give the new one a new name, and let the clients trust it";
const TOLD_BY: &str = "nix key convert-secret-to-public <FILE    # on the cache, as root";

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let client = evidence.client;
    let message = format!(
        "`{}` signs with another key than `{}` trusts by that name",
        evidence.cache_name(),
        client.name
    );
    let symptom = Symptom::new(message);
    let Some(signers) = evidence.signers() else {
        let symptom = symptom.seen(&client.name, evidence.says_unsigned_line()?);
        return Some(symptom.cure(CURE).told_by(TOLD_BY));
    };
    let (name, known) = signers.iter().find_map(|name| {
        let known = evidence.trusted(name);
        // With two of one name, that is what is wrong.
        (known.len() == 1).then(|| (name, known[0]))
    })?;
    let symptom = symptom.seen(&client.name, format!("trusts {known}"));
    let own = evidence.host().and_then(|host| host.public_key(name));
    let symptom = match (evidence.host(), own) {
        (_, Some(own)) if own.to_string() == known => return None,
        (Some(host), Some(own)) => symptom.seen(&host.name, format!("signs with {own}")),
        // The name is right, and the signature was refused.
        _ => symptom.seen(&client.name, evidence.says_unsigned_line()?),
    };
    let written = evidence.expected.map_or(&[][..], |it| &it.signing_keys);
    let keys: Vec<String> = written.iter().map(|(key, _)| key.to_string()).collect();
    let line = written.first().map(|(_, line)| format!("line {line}: signing-key {}", keys.join(", ")));
    let is_new = written.iter().any(|(key, _)| own == Some(key));
    Some(symptom.maybe_seen("larder.toml", line).cure(if is_new {
        evidence.switch()
    } else {
        CURE.to_owned()
    }))
}
