//! Private keys: created at their final path only, and never over another file.
//!
//! Git might see a key under a temporary name. So a key is created exclusively at its
//! final path, after the rule by which git ignores the path is on the disk. A rollback
//! removes keys first, and only those of this change: a file that has the public half of
//! the key, or is a prefix of the key, cut short while it was written.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the folder that touches the disk"
)]

use std::fs;
use std::path::Path;

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::apply::journal::{Journal, JournalPath, KeyPattern, SecretRecord};
use crate::io::apply::on_disk::absolute;
use crate::io::disk::{self, WithPath};
use crate::io::workspace::Workspace;
use crate::key::SigningPublicKey;
use crate::plan::{PlacedSecret, SecretKey, SecretPath};
use crate::repo::RepoPath;

/// The characters of base64 in an OpenSSH key that encode only the public half: without a
/// passphrase, the first 93 bytes are the format's name, "no cipher", and the public key.
const SSH_PUBLIC: usize = 124;
/// The last characters of a Nix signing key that encode only the public half: the key is
/// the base64 of seed and public key, 32 bytes each.
const NIX_PUBLIC: usize = 44;

/// The journal's record of a key.
pub(super) fn record(secret: &PlacedSecret) -> SecretRecord {
    SecretRecord {
        path: match &secret.path {
            SecretPath::Outside(path) => JournalPath::Outside(path.clone()),
            SecretPath::Ignored(path) => JournalPath::Inside(path.as_str().to_owned()),
        },
        pattern: pattern(&secret.key),
    }
}

/// Creates the keys at their final paths.
///
/// # Errors
/// When a file exists there, or git does not ignore a path in the work tree.
pub(super) fn create(ws: &Workspace, secrets: &[PlacedSecret]) -> Result<(), Stop> {
    for secret in secrets {
        let path = match &secret.path {
            SecretPath::Outside(path) => path.clone(),
            SecretPath::Ignored(path) => {
                require_ignored(ws, path)?;
                ws.root().join(path.as_str())
            }
        };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_path("create", folder)?;
        }
        let text = secret.key.to_text();
        let created = disk::create(&path, text.as_bytes(), 0o600);
        created
            .and_then(|()| disk::sync_parent(&path))
            .with_path("write", &path)?;
    }
    Ok(())
}

/// Removes the keys that this change has created.
pub(super) fn remove(root: &Path, journal: &Journal) -> Result<(), Stop> {
    for secret in &journal.record.secrets {
        let path = absolute(root, journal, &secret.path)?;
        let is_file = disk::metadata(&path)
            .with_path("access", &path)?
            .is_some_and(|metadata| metadata.is_file());
        if is_file && is_ours(&fs::read(&path).with_path("read", &path)?, &secret.pattern) {
            disk::remove(&path)
                .and_then(|()| disk::sync_parent(&path))
                .with_path("remove", &path)?;
        }
    }
    Ok(())
}

fn pattern(key: &SecretKey) -> KeyPattern {
    let text = key.to_text();
    let (prefix, suffix) = match key {
        SecretKey::Ssh(_) => (public_lines(&text), ""),
        SecretKey::Nix(_) => {
            let name = text.split_inclusive(':').next().unwrap_or_default();
            (name, &text[text.len() - NIX_PUBLIC..])
        }
    };
    KeyPattern {
        prefix: prefix.to_owned(),
        suffix: suffix.to_owned(),
        length: text.len(),
    }
}

/// The prefix of an OpenSSH key that encodes only the public half.
fn public_lines(text: &str) -> &str {
    let start = text.find('\n').map_or(text.len(), |end| end + 1);
    let body = text[start..]
        .bytes()
        .enumerate()
        .filter(|(_, byte)| *byte != b'\n');
    let last = body.map(|(at, _)| at).nth(SSH_PUBLIC - 1);
    &text[..last.map_or(start, |at| start + at + 1)]
}

/// True if the file is the key of this pattern, whole or cut short while it was written.
fn is_ours(file: &[u8], pattern: &KeyPattern) -> bool {
    let (prefix, suffix) = (pattern.prefix.as_bytes(), pattern.suffix.as_bytes());
    let has_prefix = file.iter().zip(prefix).all(is_written_or_lost);
    if file.len() < pattern.length {
        return has_prefix && !is_public(file);
    }
    let end = file.len().saturating_sub(suffix.len());
    let has_suffix = file[end..].iter().zip(suffix).all(is_written_or_lost);
    file.len() == pattern.length && has_prefix && has_suffix
}

/// True for the byte that was written, and for a zero: bytes that did not reach the disk
/// before a power cut read as zeros, and no key contains one.
fn is_written_or_lost((found, written): (&u8, &u8)) -> bool {
    found == written || *found == 0
}

/// True for a public signing key: it has the same prefix as the secret key of its name.
fn is_public(file: &[u8]) -> bool {
    let text = std::str::from_utf8(file).unwrap_or_default();
    text.trim().parse::<SigningPublicKey>().is_ok()
}

fn require_ignored(ws: &Workspace, path: &RepoPath) -> Result<(), Stop> {
    if ws.ignored_by(path)?.is_some() {
        return Ok(());
    }
    let message = format!(
        "git does not ignore `{}`: a private key is never written there",
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
    fn a_pattern_reveals_nothing_of_the_private_half() {
        let found = pattern(&ssh(7, "pai"));
        let again = ssh(7, "the same key with another comment").to_text();
        assert!(again.starts_with(&found.prefix));
        assert!(!ssh(8, "pai").to_text().starts_with(&found.prefix));
        let characters: usize = found.prefix.lines().map(str::len).sum();
        assert_eq!(
            characters,
            "-----BEGIN OPENSSH PRIVATE KEY-----".len() + SSH_PUBLIC
        );

        let found = pattern(&nix(7));
        assert_eq!(found.prefix, "kalaw-1:");
        let SecretKey::Nix(key) = nix(7) else {
            unreachable!()
        };
        // 44 characters end 31 bytes: all of the public half but its first byte.
        let public = key.public().to_string();
        assert_eq!(public.len(), found.prefix.len() + 44);
        assert_eq!(found.suffix.len(), NIX_PUBLIC);
    }

    #[test]
    fn a_key_is_ours_whole_or_cut_short() {
        for key in [ssh(7, "pai"), nix(7)] {
            let (text, pattern) = (key.to_text(), pattern(&key));
            for cut in 0..=text.len() {
                assert!(is_ours(&text.as_bytes()[..cut], &pattern), "cut at {cut}");
            }
        }
    }

    #[test]
    fn a_key_is_ours_where_a_power_cut_left_zeros() {
        for key in [ssh(7, "pai"), nix(7)] {
            let (text, pattern) = (key.to_text(), pattern(&key));
            let (half, end) = (text.len() / 2, text.len());
            for (from, to) in [(0, half), (half, end), (0, end)] {
                let mut file = text.as_bytes().to_vec();
                file[from..to].fill(0);
                assert!(is_ours(&file, &pattern));
            }
        }
    }

    #[test]
    fn another_key_at_the_same_place_is_not_ours() {
        let other = ssh(8, "pai").to_text();
        assert!(!is_ours(other.as_bytes(), &pattern(&ssh(7, "pai"))));
        let other = nix(8).to_text();
        assert!(!is_ours(other.as_bytes(), &pattern(&nix(7))));
        let SecretKey::Nix(key) = nix(7) else {
            unreachable!()
        };
        let public = key.public().to_string();
        assert!(
            !is_ours(public.as_bytes(), &pattern(&nix(7))),
            "a public key stays"
        );
    }
}
