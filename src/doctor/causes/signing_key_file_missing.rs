//! The cache's Nix is told to sign with a file that is not there, and builds nothing.
//!
//! ## What it looks like
//! Every build on the cache fails: `opening file '…': No such file or directory`.
//!
//! ## What to do
//! Put the key back from a backup. A key that is lost for good has to be replaced, under a
//! new name, and every client has to trust the new one.

use crate::doctor::cache_host::SigningFile;
use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Signature,
    check,
};

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let host = evidence.host()?;
    let is_bad = |state: &SigningFile| matches!(state, SigningFile::Missing | SigningFile::Unusable);
    let (file, state) = host.signing.iter().find(|(_, state)| is_bad(state))?;
    let state = match state {
        SigningFile::Missing => "does not exist",
        _ => "holds no signing key",
    };
    let failed = host.probe.as_ref().filter(|answer| !answer.is_success());
    let line = failed.and_then(|answer| answer.error_with(&["error:", "opening file"]));
    Some(
        Symptom::new(format!("`{}` has no key to sign with", evidence.cache_name()))
            .seen(&host.name, format!("{file} {state}"))
            .maybe_seen(&host.name, line)
            .cure(format!("put the key back into {file}, for root alone (mode 600)")),
    )
}
