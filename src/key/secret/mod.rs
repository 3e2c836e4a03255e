//! Finds private keys in a text.
//!
//! Documentation is full of `-----BEGIN OPENSSH PRIVATE KEY-----` with three dots below. So
//! a marker is not enough: the text after it must have the structure of a key.

mod age;
mod conceal;
mod harmless;
mod kind;
mod pem;

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

pub use self::conceal::{concealed_in_place, without_private_keys};
pub use self::kind::PrivateKind;
use super::signing::is_secret;

/// The kind of the first private key in the text, also if the key is indented, quoted, or
/// in a Nix string. `None` if the text contains no private key.
pub fn looks_private(text: &str) -> Option<PrivateKind> {
    let mut blocks = pem::blocks(text);
    blocks.next().map(|block| block.kind).or_else(|| line(text))
}

/// As [`looks_private`], without what harms nobody who reads it: the handle of a key in
/// hardware, and test keys that everybody knows.
pub fn leaked_key(text: &str) -> Option<PrivateKind> {
    let mut blocks = pem::blocks(text).filter(|block| !block.is_harmless);
    blocks.next().map(|block| block.kind).or_else(|| line(text))
}

/// True if the text is a private key and nothing else but comments.
pub fn is_only_a_key(text: &str) -> bool {
    let text = text.trim();
    let is_block = text.starts_with("-----BEGIN ") && text.ends_with("-----");
    let lines = text.lines().map(str::trim);
    let mut lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    is_block || (lines.next().is_some() && lines.next().is_none())
}

/// The kind of a private key that is one line.
fn line(text: &str) -> Option<PrivateKind> {
    age::find(text)
        .then_some(PrivateKind::Age)
        .or_else(|| holds_signing_secret(text).then_some(PrivateKind::NixSigning))
}

/// True if the text has the marker or the form of a private key, complete or not.
///
/// For texts that should contain no private key: a message must not quote such a text.
pub fn might_be_private(text: &str) -> bool {
    text.contains("PRIVATE KEY-----")
        || text.to_ascii_uppercase().contains("AGE-SECRET-KEY-1")
        || after_colons(text).any(|base64| Base64::decode_vec(base64).is_ok())
        || text.split_whitespace().any(is_nameless)
}

/// True for the secret half of a signing key without its name, and for the lines of an
/// OpenSSH key without those around them.
fn is_nameless(word: &str) -> bool {
    let is_signing = || word.len() == SECRET_BASE64 && word.ends_with("==");
    word.starts_with(OPENSSH_KEY) || (is_signing() && Base64::decode_vec(word).is_ok())
}

/// How every OpenSSH private key begins: `openssh-key-v1`, in base64.
const OPENSSH_KEY: &str = "b3BlbnNzaC1rZXktdj";

/// True if the text has `:` and 88 characters of base64 that decode to a seed and its
/// public half.
fn holds_signing_secret(text: &str) -> bool {
    let decoded = |base64| Base64::decode_vec(base64).map(Zeroizing::new);
    // The base64 of 64 bytes ends with `==`: almost no candidate needs to be decoded.
    let mut candidates = after_colons(text).filter(|base64| base64.ends_with("=="));
    candidates.any(|base64| decoded(base64).is_ok_and(|bytes| is_secret(&bytes)))
}

fn after_colons(text: &str) -> impl Iterator<Item = &str> {
    let after = |at| text.get(at + 1..at + 1 + SECRET_BASE64);
    text.match_indices(':').filter_map(move |(at, _)| after(at))
}

/// The length of 64 bytes in base64.
const SECRET_BASE64: usize = 88;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{PrivateKey, SigningSecret};

    #[test]
    fn a_key_is_seen_wherever_it_stands() {
        let key = PrivateKey::from_seed(&[7; 32], "").to_openssh();
        let check = |text: String| assert_eq!(looks_private(&text), Some(PrivateKind::OpenSsh));
        check(key.to_string());
        check(format!(
            "{{ key = ''\n{}''; }}",
            key.replace("-----B", "    -----B")
        ));
        check(format!("{{\"key\": \"{}\"}}", key.replace('\n', "\\n")));
        check(key.replace('\n', "\r\n"));
        check(key.replace('\n', "\n    "));
    }

    #[test]
    fn a_signing_secret_is_seen_by_its_two_halves() {
        let secret = SigningSecret::from_seed("kalaw-1", &[7; 32]).unwrap();
        let text = format!("secret = \"{}\";", *secret.to_text());
        assert_eq!(looks_private(&text), Some(PrivateKind::NixSigning));
        // 64 other bytes (a signature, say) are no secret.
        let other = format!("cache:{}", Base64::encode_string(&[7; 64]));
        assert_eq!(looks_private(&other), None);
    }

    #[test]
    fn examples_in_documents_are_no_keys() {
        let examples = [
            "-----BEGIN OPENSSH PRIVATE KEY-----\n...\n-----END OPENSSH PRIVATE KEY-----",
            "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----",
            "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA…\n-----END RSA PRIVATE KEY-----",
            "grep -r 'BEGIN RSA PRIVATE KEY-----' .",
            "AGE-SECRET-KEY-1XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX",
            "kalaw-1:<64 bytes of base64>",
            "cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=",
        ];
        for text in examples {
            assert_eq!(looks_private(text), None, "{text}");
        }
    }

    #[test]
    fn an_age_key_is_known_by_its_checksum() {
        // The key of 32 times the byte 7; apart, so that no scanner takes this file
        // for a leak.
        let data = "QURSWPC8QURSWPC8QURSWPC8QURSWPC8QURSWPC8QURSWPC8QURSKMP32K";
        let key = format!("# created: 2026-01-31\nAGE-SECRET-KEY-1{data}\n");
        assert_eq!(looks_private(&key), Some(PrivateKind::Age));
        assert_eq!(looks_private(&key.replace("32K", "32L")), None);
    }

    #[test]
    fn even_the_outside_of_a_key_is_not_quoted() {
        assert!(might_be_private(
            "x -----BEGIN OPENSSH PRIVATE KEY-----\ncut"
        ));
        assert!(might_be_private("age-secret-key-1cut"));
        let key = PrivateKey::from_seed(&[7; 32], "").to_openssh();
        let lines: Vec<&str> = key.lines().filter(|line| !line.starts_with('-')).collect();
        assert!(might_be_private(&lines.concat()));
        let secret = SigningSecret::from_seed("kalaw-1", &[7; 32])
            .unwrap()
            .to_text();
        assert!(might_be_private(secret.split_once(':').unwrap().1));
        assert!(!might_be_private(
            "ssh-ed25519 AAAA kalaw-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY="
        ));
    }
}
