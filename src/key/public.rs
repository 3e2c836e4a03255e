//! The public half of an SSH key.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use base64ct::{Base64, Encoding};
use ssh_key::HashAlg;

use super::error::KeyError;
use super::split::{first_word, trim};
use super::wire::Parts;

/// The types of SSH keys that OpenSSH still generates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Algorithm {
    /// `ssh-ed25519`
    Ed25519,
    /// `ssh-rsa`
    Rsa,
    /// `ecdsa-sha2-nistp256`
    EcdsaP256,
    /// `ecdsa-sha2-nistp384`
    EcdsaP384,
    /// `ecdsa-sha2-nistp521`
    EcdsaP521,
    /// `sk-ssh-ed25519@openssh.com`: on a security token.
    SkEd25519,
    /// `sk-ecdsa-sha2-nistp256@openssh.com`: on a security token.
    SkEcdsaP256,
}

impl Algorithm {
    const ALL: [Self; 7] = [
        Self::Ed25519,
        Self::Rsa,
        Self::EcdsaP256,
        Self::EcdsaP384,
        Self::EcdsaP521,
        Self::SkEd25519,
        Self::SkEcdsaP256,
    ];

    /// The name of the type: the word before the base64.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ed25519 => "ssh-ed25519",
            Self::Rsa => "ssh-rsa",
            Self::EcdsaP256 => "ecdsa-sha2-nistp256",
            Self::EcdsaP384 => "ecdsa-sha2-nistp384",
            Self::EcdsaP521 => "ecdsa-sha2-nistp521",
            Self::SkEd25519 => "sk-ssh-ed25519@openssh.com",
            Self::SkEcdsaP256 => "sk-ecdsa-sha2-nistp256@openssh.com",
        }
    }

    /// The type as `services.openssh.hostKeys` of NixOS calls it; `None` for keys on a
    /// token, which sshd cannot have.
    pub fn host_key_type(self) -> Option<&'static str> {
        match self {
            Self::Ed25519 => Some("ed25519"),
            Self::Rsa => Some("rsa"),
            Self::EcdsaP256 | Self::EcdsaP384 | Self::EcdsaP521 => Some("ecdsa"),
            Self::SkEd25519 | Self::SkEcdsaP256 => None,
        }
    }

    /// The type of this name.
    pub(super) fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == word)
    }
}

/// The public half of an SSH key, as in `ssh-ed25519 AAAA… comment`.
///
/// Equality ignores the comment. [`fmt::Display`] writes type and base64 without the
/// comment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PublicKey {
    algorithm: Algorithm,
    blob: Vec<u8>,
    comment: Option<String>,
}

impl PublicKey {
    /// The type of the key.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The comment after the base64.
    pub fn comment(&self) -> Option<&str> {
        self.comment.as_deref()
    }

    /// The same key with this comment, trimmed; a blank one is no comment. Control
    /// characters become spaces.
    #[must_use]
    pub fn with_comment(mut self, comment: &str) -> Self {
        let comment = comment.replace(char::is_control, " ");
        self.comment = Some(trim(&comment).to_owned()).filter(|c| !c.is_empty());
        self
    }

    /// The fingerprint in the form of `ssh-keygen -l`: `SHA256:…`.
    pub fn fingerprint(&self) -> String {
        let digest = HashAlg::Sha256.digest(&self.blob);
        let base64 = Base64::encode_string(&digest);
        format!("SHA256:{}", base64.trim_end_matches('='))
    }

    /// The key of a type, its base64 and a comment.
    pub(super) fn from_parts(
        algorithm: Algorithm,
        base64: &str,
        comment: &str,
    ) -> Result<Self, KeyError> {
        let name = algorithm.name();
        if base64.is_empty() {
            return Err(KeyError::NoBlob(name));
        }
        let blob = Base64::decode_vec(base64).map_err(|_| KeyError::NotBase64(name))?;
        check_blob(algorithm, &blob)?;
        let key = Self {
            algorithm,
            blob,
            comment: None,
        };
        Ok(key.with_comment(comment))
    }
}

impl FromStr for PublicKey {
    type Err = KeyError;

    /// Reads `TYPE BASE64 [COMMENT]`, with any number of blanks between.
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let line = one_line(text)?;
        let (word, rest) = first_word(line);
        let Some(algorithm) = Algorithm::named(word) else {
            return Err(why_no_type(word, line));
        };
        let (base64, comment) = first_word(rest);
        Self::from_parts(algorithm, base64, comment)
    }
}

impl TryFrom<&str> for PublicKey {
    type Error = KeyError;

    fn try_from(text: &str) -> Result<Self, KeyError> {
        text.parse()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base64 = Base64::encode_string(&self.blob);
        write!(f, "{} {base64}", self.algorithm.name())
    }
}

// The blob begins with the type, so it identifies the key.
impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.blob == other.blob
    }
}

impl Eq for PublicKey {}

impl Hash for PublicKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.blob.hash(state);
    }
}

/// The text, trimmed.
///
/// # Errors
/// When it is blank, a private key, or more than one line.
pub(super) fn one_line(text: &str) -> Result<&str, KeyError> {
    let line = trim(text);
    if line.is_empty() {
        return Err(KeyError::Empty);
    }
    if line.contains("PRIVATE KEY-----") {
        return Err(KeyError::Private);
    }
    if line.contains(|c: char| c.is_control() && c != '\t') {
        return Err(KeyError::NotOneLine);
    }
    Ok(line)
}

/// The error for a line whose first word is no accepted key type.
pub(super) fn why_no_type(word: &str, line: &str) -> KeyError {
    if word.ends_with("-cert-v01@openssh.com") {
        return KeyError::Certificate;
    }
    if word == "ssh-dss" {
        return KeyError::Dsa;
    }
    let holds_a_key = |word: &str| Algorithm::named(word).is_some();
    if line.split([' ', '\t']).skip(1).any(holds_a_key) {
        return KeyError::Options;
    }
    KeyError::NoType
}

/// The shortest RSA modulus that larder accepts, in bits. OpenSSH refuses below 1024.
const MIN_RSA_BITS: usize = 2048;

fn check_blob(algorithm: Algorithm, blob: &[u8]) -> Result<(), KeyError> {
    let name = algorithm.name();
    let mut parts = Parts::of(blob);
    let inner = parts.next().ok_or(KeyError::NotWhole(name))?;
    if inner != name.as_bytes() {
        return Err(KeyError::OtherType(name));
    }
    let bits = check_parts(algorithm, &mut parts).filter(|_| parts.is_done());
    match bits {
        None => Err(KeyError::NotWhole(name)),
        Some(bits) if algorithm == Algorithm::Rsa && bits < MIN_RSA_BITS => {
            Err(KeyError::ShortRsa { bits })
        }
        Some(_) => Ok(()),
    }
}

/// The length of the key in bits; `None` if the parts after the type are not those of
/// `algorithm` (RFC 4253 section 6.6, RFC 5656, RFC 8709, OpenSSH's PROTOCOL.u2f).
fn check_parts(algorithm: Algorithm, parts: &mut Parts<'_>) -> Option<usize> {
    match algorithm {
        Algorithm::Ed25519 => ed25519(parts),
        Algorithm::Rsa => rsa(parts),
        Algorithm::EcdsaP256 => ecdsa(parts, b"nistp256", 256),
        Algorithm::EcdsaP384 => ecdsa(parts, b"nistp384", 384),
        Algorithm::EcdsaP521 => ecdsa(parts, b"nistp521", 521),
        Algorithm::SkEd25519 => ed25519(parts).filter(|_| application(parts)),
        Algorithm::SkEcdsaP256 => ecdsa(parts, b"nistp256", 256).filter(|_| application(parts)),
    }
}

fn ed25519(parts: &mut Parts<'_>) -> Option<usize> {
    (parts.next()?.len() == 32).then_some(256)
}

fn ecdsa(parts: &mut Parts<'_>, curve: &[u8], bits: usize) -> Option<usize> {
    let is_same_curve = parts.next()? == curve;
    let point = parts.next()?;
    // SEC 1: `04` and two coordinates. OpenSSH writes no compressed points.
    let is_whole = point.first() == Some(&4) && point.len() == 1 + 2 * bits.div_ceil(8);
    (is_same_curve && is_whole).then_some(bits)
}

fn rsa(parts: &mut Parts<'_>) -> Option<usize> {
    let exponent = parts.next()?;
    let modulus = parts.next()?;
    let leading = modulus.iter().take_while(|&&byte| byte == 0).count();
    let digits = &modulus[leading..];
    let first = digits.first()?;
    let bits = digits.len() * 8 - first.leading_zeros() as usize;
    (!exponent.is_empty()).then_some(bits)
}

fn application(parts: &mut Parts<'_>) -> bool {
    parts.next().is_some_and(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key for tests, made from a public seed.
    const KEY: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOpKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs";

    #[test]
    fn blanks_and_comments_make_no_other_key() {
        let plain: PublicKey = KEY.parse().unwrap();
        let spaced: PublicKey = KEY.replace(' ', " \t ").parse().unwrap();
        let commented: PublicKey = format!("{KEY}  root@pai  old \r\n").parse().unwrap();
        assert_eq!(plain, spaced);
        assert_eq!(plain, commented);
        assert_eq!(commented.to_string(), KEY);
        assert_eq!(commented.comment(), Some("root@pai  old"));
        assert_eq!(commented.comment(), Some("root@pai  old"));
    }

    #[test]
    fn a_comment_stays_on_its_line() {
        let key: PublicKey = KEY.parse().unwrap();
        assert_eq!(key.clone().with_comment("a\nb").comment(), Some("a b"));
        assert_eq!(key.with_comment(" \t").comment(), None);
    }

    #[test]
    fn what_is_no_key_is_refused_with_the_reason() {
        let base64 = KEY.split(' ').nth(1).unwrap();
        let check = |text: &str, why: KeyError| {
            assert_eq!(text.parse::<PublicKey>(), Err(why), "{text}");
        };
        check("  \n", KeyError::Empty);
        check(base64, KeyError::NoType);
        check("ssh-ed25519", KeyError::NoBlob("ssh-ed25519"));
        check(&KEY[..60], KeyError::NotWhole("ssh-ed25519"));
        check(&KEY[..61], KeyError::NotBase64("ssh-ed25519"));
        check(&format!("ssh-rsa {base64}"), KeyError::OtherType("ssh-rsa"));
        check(&format!("{KEY}\n{KEY}"), KeyError::NotOneLine);
        check(&format!("no-pty {KEY}"), KeyError::Options);
        check("ssh-dss AAAA", KeyError::Dsa);
        check(
            "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl",
            KeyError::Private,
        );
    }

    #[test]
    fn keys_on_security_tokens_are_keys() {
        let token = "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIOpKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIsAAAABHNzaDo=";
        let key: PublicKey = token.parse().unwrap();
        assert_eq!(key.algorithm(), Algorithm::SkEd25519);
        assert_eq!(key.to_string(), token);
    }
}
