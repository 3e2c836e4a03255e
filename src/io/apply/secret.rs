//! Private keys: made at their final place only, and never over another file.
//!
//! A temporary name might be one that git sees. So a key is made by exclusive
//! create where it stays, after the rule by which git ignores it is on the disk.
//! On the way back it goes first, and only if it is ours: by its public half, or
//! because it was cut short while it was written.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the folder that touches the disk"
)]

use std::fs;
use std::path::Path;

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::apply::files::on_disk;
use crate::io::apply::journal::Journal;
use crate::io::apply::story::{Mark, Place, Secret};
use crate::io::disk::{self, WithPath};
use crate::io::workspace::Workspace;
use crate::key::SigningPublicKey;
use crate::plan::{PlacedSecret, SecretKey, SecretPath};
use crate::repo::RepoPath;

/// In an OpenSSH key without passphrase, the first 93 bytes are the format's
/// name, "no cipher", and the public key: 124 characters of base64.
const SSH_PUBLIC: usize = 124;
/// A Nix key is the base64 of the seed and of the public key, 32 bytes each. Its
/// last 44 characters are those in which there is nothing of the seed.
const NIX_PUBLIC: usize = 44;

/// What the journal keeps of a key.
pub(super) fn remember(secret: &PlacedSecret) -> Secret {
    Secret {
        place: match &secret.path {
            SecretPath::Outside(path) => Place::Outside(path.clone()),
            SecretPath::Ignored(path) => Place::Inside(path.as_str().to_owned()),
        },
        mark: mark(&secret.key),
    }
}

/// Makes the keys, each where it stays.
pub(super) fn make(ws: &Workspace, secrets: &[PlacedSecret]) -> Result<(), Stop> {
    for secret in secrets {
        let at = match &secret.path {
            SecretPath::Outside(path) => path.clone(),
            SecretPath::Ignored(path) => {
                still_ignored(ws, path)?;
                ws.root().join(path.as_str())
            }
        };
        if let Some(folder) = at.parent() {
            fs::create_dir_all(folder).with_path("create", folder)?;
        }
        let text = secret.key.to_text();
        let made = disk::create(&at, text.as_bytes(), 0o600);
        made.and_then(|()| disk::sync_parent(&at))
            .with_path("write", &at)?;
    }
    Ok(())
}

/// Removes the keys that are ours.
pub(super) fn unmake(root: &Path, journal: &Journal) -> Result<(), Stop> {
    for secret in &journal.story.secrets {
        let at = on_disk(root, journal, &secret.place)?;
        let is_file = disk::metadata(&at)
            .with_path("access", &at)?
            .is_some_and(|it| it.is_file());
        if is_file && is_ours(&fs::read(&at).with_path("read", &at)?, &secret.mark) {
            disk::remove(&at)
                .and_then(|()| disk::sync_parent(&at))
                .with_path("remove", &at)?;
        }
    }
    Ok(())
}

fn mark(key: &SecretKey) -> Mark {
    let text = key.to_text();
    let (begins, ends) = match key {
        SecretKey::Ssh(_) => (public_lines(&text), ""),
        SecretKey::Nix(_) => {
            let name = text.split_inclusive(':').next().unwrap_or_default();
            (name, &text[text.len() - NIX_PUBLIC..])
        }
    };
    Mark {
        begins: begins.to_owned(),
        ends: ends.to_owned(),
        length: text.len(),
    }
}

/// The beginning of an OpenSSH key that says nothing but its public half.
fn public_lines(text: &str) -> &str {
    let start = text.find('\n').map_or(text.len(), |end| end + 1);
    let body = text[start..]
        .bytes()
        .enumerate()
        .filter(|(_, byte)| *byte != b'\n');
    let last = body.map(|(at, _)| at).nth(SSH_PUBLIC - 1);
    &text[..last.map_or(start, |at| start + at + 1)]
}

/// True for our key, whole or cut short while it was written.
fn is_ours(there: &[u8], mark: &Mark) -> bool {
    let (begins, ends) = (mark.begins.as_bytes(), mark.ends.as_bytes());
    let begins_so = there.iter().zip(begins).all(is_of_it);
    if there.len() < mark.length {
        return begins_so && !is_public(there);
    }
    let end = there.len().saturating_sub(ends.len());
    let ends_so = there[end..].iter().zip(ends).all(is_of_it);
    there.len() == mark.length && begins_so && ends_so
}

/// What a power cut kept from the disk reads as zeros, and no key has one.
fn is_of_it((is, was): (&u8, &u8)) -> bool {
    is == was || *is == 0
}

/// A public key of the same name begins as the secret does.
fn is_public(there: &[u8]) -> bool {
    let text = std::str::from_utf8(there).unwrap_or_default();
    text.trim().parse::<SigningPublicKey>().is_ok()
}

fn still_ignored(ws: &Workspace, path: &RepoPath) -> Result<(), Stop> {
    if ws.ignored_by(path)?.is_some() {
        return Ok(());
    }
    let message = format!(
        "git does not ignore `{}`: a private key is never put there",
        ws.shown(path)
    );
    Err(Diagnostic::error("secret-not-ignored", message).into())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::key::{PrivateKey, SigningSecret};

    fn ssh(seed: u8, comment: &str) -> SecretKey {
        SecretKey::Ssh(Arc::new(PrivateKey::from_seed(&[seed; 32], comment)))
    }

    fn nix(seed: u8) -> SecretKey {
        SecretKey::Nix(Arc::new(
            SigningSecret::from_seed("kalaw-1", &[seed; 32]).unwrap(),
        ))
    }

    #[test]
    fn a_mark_says_nothing_of_the_private_half() {
        let marked = mark(&ssh(7, "pai"));
        let again = ssh(7, "the same key with another comment").to_text();
        assert!(again.starts_with(&marked.begins));
        assert!(!ssh(8, "pai").to_text().starts_with(&marked.begins));
        let characters: usize = marked.begins.lines().map(str::len).sum();
        assert_eq!(
            characters,
            "-----BEGIN OPENSSH PRIVATE KEY-----".len() + SSH_PUBLIC
        );

        let marked = mark(&nix(7));
        assert_eq!(marked.begins, "kalaw-1:");
        let SecretKey::Nix(key) = nix(7) else {
            unreachable!()
        };
        // 44 characters end 31 bytes: all of the public half but its first byte.
        let public = key.public().to_string();
        assert_eq!(public.len(), marked.begins.len() + 44);
        assert_eq!(marked.ends.len(), NIX_PUBLIC);
    }

    #[test]
    fn a_key_is_ours_whole_or_cut_short() {
        for key in [ssh(7, "pai"), nix(7)] {
            let (text, mark) = (key.to_text(), mark(&key));
            for cut in 0..=text.len() {
                assert!(is_ours(&text.as_bytes()[..cut], &mark), "cut at {cut}");
            }
        }
    }

    #[test]
    fn a_key_is_ours_where_a_power_cut_left_zeros() {
        for key in [ssh(7, "pai"), nix(7)] {
            let (text, mark) = (key.to_text(), mark(&key));
            let (half, end) = (text.len() / 2, text.len());
            for (from, to) in [(0, half), (half, end), (0, end)] {
                let mut there = text.as_bytes().to_vec();
                there[from..to].fill(0);
                assert!(is_ours(&there, &mark));
            }
        }
    }

    #[test]
    fn another_key_at_the_same_place_is_not_ours() {
        let other = ssh(8, "pai").to_text();
        assert!(!is_ours(other.as_bytes(), &mark(&ssh(7, "pai"))));
        let other = nix(8).to_text();
        assert!(!is_ours(other.as_bytes(), &mark(&nix(7))));
        let SecretKey::Nix(key) = nix(7) else {
            unreachable!()
        };
        let public = key.public().to_string();
        assert!(
            !is_ours(public.as_bytes(), &mark(&nix(7))),
            "a public key stays"
        );
    }
}
