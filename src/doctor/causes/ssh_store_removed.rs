//! One side has a Nix that no longer knows `ssh://` stores.
//!
//! ## What it looks like
//! `no longer supported`, or `unrecognised flag '--serve'` (NixOS/nix#16185, a proposal of
//! 2026). It was not seen on a released Nix yet.
//!
//! ## What to do
//! Serve over HTTP inside ssh, which every Nix can fetch from: `serve = "harmonia"` in
//! larder.toml. Until all machines are switched, pin `nix.package` on the newer one.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Command,
    check,
};

const WORDS: [&str; 2] = ["no longer supported", "unrecognised flag '--serve'"];

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let route = evidence.route.filter(|route| route.store.scheme == "ssh")?;
    let said = evidence.says(&WORDS)?;
    let client = evidence.client;
    let version = client.nix.clone();
    Some(
        Symptom::new(format!("a Nix between `{}` and `{}` knows no `ssh://` stores", client.name, route.host()))
            .seen(&client.name, said)
            .maybe_seen(&client.name, version)
            .cure(match evidence.expected {
                Some(expected) => format!("larder add-cache {} --serve harmonia", expected.cache),
                None => "serve it over HTTP, which every Nix can fetch from: `services.harmonia`".to_owned(),
            })
            .cure("until that is switched, pin `nix.package` to the same version on both machines"),
    )
}
