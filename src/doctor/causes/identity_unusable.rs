//! The file with which the client logs in holds no private key that ssh can use alone.
//!
//! ## What it looks like
//! `Permission denied (publickey)`; in the daemon's journal `Load key "…": invalid format`.
//! The file holds a public key or a certificate, or its key has a passphrase, for which
//! nobody is there to type it.
//!
//! ## What to do
//! Name the private half (the file without `.pub`); take a passphrase off with
//! `ssh-keygen -p -f FILE`, or make a key without one.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::identity_file::IdentityFile;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Identity,
    check,
};

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let (client, route) = (evidence.client, evidence.route?);
    let there = route.identities.iter().filter(|file| file.is_there());
    let why = there.map(|file| Some((file, why_unusable(file)?)));
    let all: Option<Vec<(&IdentityFile, &str)>> = why.collect();
    let (file, why) = *all.as_ref()?.first()?;
    Some(
        Symptom::new(format!("`{}` cannot log in with {}", client.name, file.path))
            .seen(&client.name, format!("{} {why}", file.path))
            .cure("name a private key without a passphrase, in the form that ssh-keygen writes"),
    )
}

/// `None`: nothing is wrong with it, or only root could see it.
fn why_unusable(file: &IdentityFile) -> Option<&'static str> {
    match file.kind.as_deref()? {
        "public" => Some("is a public key"),
        "certificate" => Some("is a certificate"),
        "other" => Some("is no key"),
        "private" if file.public.is_none() => Some("has a passphrase, or is damaged"),
        _ => None,
    }
}
