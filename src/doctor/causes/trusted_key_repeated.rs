//! Two trusted keys have one name, and Nix uses only the first.
//!
//! ## What it looks like
//! `not signed by any of the keys in 'trusted-public-keys'`, though the right key is in the
//! list: behind another one of the same name.
//!
//! ## What to do
//! Take the other one out of `nix.settings.trusted-public-keys`. A new key needs a new name.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Signature,
    check,
};

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let client = evidence.client;
    let names = evidence.signers();
    let is_known = names.is_some();
    let all = || client.trusted_keys().into_iter().filter_map(|key| key.split_once(':'));
    let names = names.unwrap_or_else(|| all().map(|(name, _)| name.to_owned()).collect());
    let name = names.iter().find(|name| evidence.trusted(name).len() > 1)?;
    let keys = evidence.trusted(name);
    let own = evidence.host().and_then(|host| host.public_key(name)).map(ToString::to_string);
    match (&own, evidence.says_unsigned_line()) {
        (Some(own), _) if keys.first() == Some(&own.as_str()) => return None,
        // Neither the cache's key is known, nor was a path refused.
        (None, None) => return None,
        _ => {}
    }
    let symptom = Symptom::new(format!("`{}` trusts two keys of the name {name}, and Nix uses the first", client.name));
    let symptom = keys.iter().fold(symptom, |symptom, key| symptom.seen(&client.name, format!("trusts {key}")));
    let symptom = symptom
        .maybe_seen(evidence.cache_name(), own.map(|own| format!("signs with {own}")))
        .cure(format!("take the wrong one out of `nix.settings.trusted-public-keys`, and switch {}", client.name));
    Some(if is_known {
        symptom
    } else {
        symptom.told_by("nix path-info --json PATH    # on the cache: its signatures")
    })
}
