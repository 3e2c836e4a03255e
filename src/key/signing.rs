//! The keys with which Nix signs store paths.
//!
//! A public key is `NAME:base64(public)`, a secret `NAME:base64(seed ‖ public)`,
//! both ed25519 (`SecretKey` and `PublicKey` in Nix's `crypto.cc`). The name is
//! part of every signature: two keys of one name cannot be told apart.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use base64ct::{Base64, Encoding};
use ssh_key::private::Ed25519Keypair;
use zeroize::Zeroizing;

use super::error::KeyError;
use super::public::one_line;

/// The public half of a signing key, for `trusted-public-keys` of clients.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SigningPublicKey {
    name: String,
    key: [u8; 32],
}

impl SigningPublicKey {
    /// The name before the colon.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// True if both are the same key. Ignores the names.
    pub fn is_same_key(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl FromStr for SigningPublicKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (name, base64) = one_line(text)?.split_once(':').ok_or(KeyError::NoName)?;
        let name = checked_name(name)?;
        let bytes =
            Zeroizing::new(Base64::decode_vec(base64).map_err(|_| KeyError::BadSigningKey)?);
        if bytes.len() == SECRET_LENGTH {
            return Err(KeyError::Private);
        }
        let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| KeyError::BadSigningKey)?;
        Ok(Self { name, key })
    }
}

impl TryFrom<&str> for SigningPublicKey {
    type Error = KeyError;

    fn try_from(text: &str) -> Result<Self, KeyError> {
        text.parse()
    }
}

impl fmt::Display for SigningPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.name, Base64::encode_string(&self.key))
    }
}

/// The secret half of a signing key, for the file that `nix.settings.secret-key-files` of a
/// cache names.
///
/// It can only be written to its file and return its public half.
pub struct SigningSecret {
    name: String,
    bytes: Zeroizing<[u8; SECRET_LENGTH]>,
}

impl SigningSecret {
    /// The key of this name and a seed of 32 random bytes.
    ///
    /// # Errors
    /// When the name is not valid.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let name = checked_name(name)?;
        Ok(Self {
            name,
            bytes: Zeroizing::new(Ed25519Keypair::from_seed(seed).to_bytes()),
        })
    }

    /// The text of the key file, in the form of `nix-store --generate-binary-cache-key`: one
    /// line without a line end.
    pub fn to_text(&self) -> Zeroizing<String> {
        let base64 = Zeroizing::new(Base64::encode_string(self.bytes.as_slice()));
        Zeroizing::new(format!("{}:{}", self.name, *base64))
    }

    /// The public half.
    pub fn public(&self) -> SigningPublicKey {
        let mut key = [0; 32];
        key.copy_from_slice(&self.bytes[32..]);
        SigningPublicKey {
            name: self.name.clone(),
            key,
        }
    }
}

/// The bytes of a secret key: seed and public half.
pub(super) const SECRET_LENGTH: usize = 64;

/// True if these are the bytes of a secret key: a seed and its own public half.
pub(super) fn is_secret(bytes: &[u8]) -> bool {
    <&[u8; SECRET_LENGTH]>::try_from(bytes)
        .is_ok_and(|pair| Ed25519Keypair::from_bytes(pair).is_ok())
}

/// Checks the name of a key. Nix accepts any text before the first colon, but in nix.conf a
/// blank ends the name and `#` the line, and quotes and control characters are mistakes.
fn checked_name(name: &str) -> Result<String, KeyError> {
    let bad = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'' | ':' | '#');
    if name.is_empty() || name.contains(bad) {
        return Err(KeyError::BadName);
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_key_is_a_name_and_32_bytes() {
        let text = "kalaw-1:6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=";
        let key: SigningPublicKey = format!(" {text}\n").parse().unwrap();
        assert_eq!((key.name(), key.to_string()), ("kalaw-1", text.to_owned()));
        let secret = SigningSecret::from_seed("kalaw-1", &[7; 32]).unwrap();
        assert_eq!(secret.public(), key);
    }

    #[test]
    fn what_is_no_public_key_is_refused_with_the_reason() {
        let check = |text: &str, why: KeyError| {
            assert_eq!(text.parse::<SigningPublicKey>(), Err(why), "{text}");
        };
        let base64 = "6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=";
        check(base64, KeyError::NoName);
        check(&format!(":{base64}"), KeyError::BadName);
        check(&format!("a b:{base64}"), KeyError::BadName);
        check("kalaw-1:AAAA", KeyError::BadSigningKey);
        check(&format!("kalaw-1:{base64} x"), KeyError::BadSigningKey);
        let secret = SigningSecret::from_seed("kalaw-1", &[7; 32]).unwrap();
        check(&secret.to_text(), KeyError::Private);
    }

    #[test]
    fn a_name_has_no_colon_and_no_blanks() {
        for name in ["", "a:b", "a b", "a\n", "a\"b"] {
            let made = SigningSecret::from_seed(name, &[7; 32]);
            assert_eq!(made.err(), Some(KeyError::BadName), "{name:?}");
        }
    }
}
