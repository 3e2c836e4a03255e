//! The path has no signature.
//!
//! ## What it looks like
//! `not signed by any of the keys in 'trusted-public-keys'`, and the path is built instead.
//! It is older than the cache's signing key, or the cache does not sign:
//! `secret-key-files` is empty there. A path that exists never gains a signature by itself.
//!
//! ## What to do
//! `sudo nix store sign --all -k KEYFILE` on the cache, once. Where `secret-key-files` is
//! empty, switch the cache first.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Signature,
    check,
};

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let cache = evidence.cache_name();
    let message = format!("`{cache}` has the path without a signature");
    let Some(signers) = evidence.signers() else {
        let symptom = Symptom::new(message).seen(&evidence.client.name, evidence.says_unsigned_line()?);
        return Some(symptom.told_by("nix path-info --json PATH    # on the cache: its signatures"));
    };
    let is_free = evidence.host().and_then(|host| host.info.as_ref()).is_some_and(|info| info.is_content_addressed);
    let has_arrived = evidence.attempt.is_some_and(|attempt| attempt.success().is_some());
    if is_free || has_arrived || !signers.is_empty() {
        return None;
    }
    let symptom = Symptom::new(message);
    let Some(host) = evidence.host() else {
        let symptom = symptom.seen(&evidence.client.name, "nix path-info --store: \"signatures\": []");
        return Some(symptom.cure(format!("sudo nix store sign --all -k KEYFILE    # on {cache}, once")));
    };
    let symptom = symptom
        .seen(&host.name, "nix path-info --json: \"signatures\": []")
        .seen(&host.name, host.settings.line("secret-key-files"));
    Some(match host.settings.words("secret-key-files").first() {
        Some(file) => symptom.cure(format!("sudo nix store sign --all -k {file}    # on {cache}, once")),
        None => symptom
            .cure(format!("nix.settings.secret-key-files = [ \"/var/lib/…\" ];    # on {cache}, and switch it"))
            .cure(format!("sudo nix store sign --all -k FILE    # on {cache}, once")),
    })
}
