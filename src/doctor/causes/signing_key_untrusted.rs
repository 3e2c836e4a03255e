//! The path is signed, by a key that the client does not trust.
//!
//! ## What it looks like
//! `not signed by any of the keys in 'trusted-public-keys'`, the same text as for a path
//! without any signature. No trusted key has the name that is in the signature.
//!
//! ## What to do
//! Bring the cache's public key into the inventory, `larder keys set CACHE NAME:…`, and
//! switch the client; by hand, `nix.settings.trusted-public-keys`. While the key is being changed
//! the client was not switched in time, or what the cache had was not signed anew.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::{Evidence, Expected};
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Signature,
    check,
};

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let client = evidence.client;
    let cache = evidence.cache_name();
    let name_of = |key: &str| key.split(':').next().unwrap_or(key).to_owned();
    let trusted: Vec<String> = client.trusted_keys().into_iter().map(name_of).collect();
    let symptom = Symptom::new(format!("`{}` does not trust the key that `{cache}` signs with", client.name))
        .seen(&client.name, format!("trusts {}", list(&trusted)));
    let Some(signers) = evidence.signers() else {
        let symptom = symptom.seen(&client.name, evidence.says_unsigned_line()?);
        return Some(symptom.told_by("nix path-info --json PATH    # on the cache: its signatures"));
    };
    let first = signers.first()?;
    if signers.iter().any(|name| trusted.contains(name)) {
        return None;
    }
    let machine = evidence.host().map_or(client.name.as_str(), |host| &host.name);
    let public = evidence.host().and_then(|host| host.public_key(first));
    let key = public.map_or_else(|| format!("{first}:…"), ToString::to_string);
    let symptom = symptom.seen(machine, format!("the path is signed by {}", signers.join(", ")));
    let is_of_inventory = |it: &&Expected| it.signing_keys.iter().any(|(key, _)| key.name() == first);
    if let Some(expected) = evidence.expected.filter(is_of_inventory) {
        return Some(meanwhile(symptom, expected, evidence, &trusted));
    }
    Some(match evidence.expected {
        Some(_) => symptom
            .cure(format!("larder keys set {cache} '{key}'"))
            .cure(evidence.switch()),
        None => symptom.cure(format!("nix.settings.trusted-public-keys = [ \"{key}\" ];    # and switch {}", client.name)),
    })
}

/// The inventory knows the key: it is the machines that do not run what it says. While the key
/// changes that is a step which was taken too early.
fn meanwhile(symptom: Symptom, expected: &Expected, evidence: &Evidence<'_>, trusted: &[String]) -> Symptom {
    let (client, cache) = (&evidence.client.name, &expected.cache);
    if expected.signing_keys.len() < 2 {
        return symptom.cure(evidence.switch());
    }
    let is_trusted = |name: &str| trusted.iter().any(|it| it == name);
    let new = expected.signing_keys.iter().find(|(key, _)| is_trusted(key.name()));
    match new {
        Some((new, _)) => symptom
            .seen("larder.toml", format!("the signing key is being changed, and what `{cache}` had is not signed with {} yet", new.name()))
            .cure(format!("sudo nix store sign --all -k SECRET    # on {cache}, with the secret half of {}", new.name())),
        None => symptom
            .seen("larder.toml", format!("the signing key is being changed, and `{client}` does not run the step that trusts both"))
            .cure(evidence.switch()),
    }
}

fn list(names: &[String]) -> String {
    if names.is_empty() {
        return "no key".to_owned();
    }
    names.join(", ")
}
