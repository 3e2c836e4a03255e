//! The private half of an SSH key.

use ssh_key::LineEnding;
use ssh_key::private::{Ed25519Keypair, KeypairData};
use zeroize::Zeroizing;

use super::public::PublicKey;

/// An ed25519 key pair without passphrase.
///
/// It can only be written to its file and return its public half: it has no `Display`, no
/// `Debug` and no `Clone`. Its memory is wiped on drop.
pub struct PrivateKey(ssh_key::PrivateKey);

impl PrivateKey {
    /// The key pair of a seed of 32 random bytes. The same seed gives the same key, and the
    /// same file.
    ///
    /// # Panics
    /// Never: every seed gives a key pair.
    pub fn from_seed(seed: &[u8; 32], comment: &str) -> Self {
        let pair = KeypairData::Ed25519(Ed25519Keypair::from_seed(seed));
        let comment = comment.replace(char::is_control, " ");
        let key = ssh_key::PrivateKey::new(pair, comment)
            .expect("an ed25519 key pair is always encodable");
        Self(key)
    }

    /// The text of the key file, in the form of `ssh-keygen -t ed25519 -N ''`.
    ///
    /// # Panics
    /// Never: an unencrypted ed25519 key is always encodable.
    pub fn to_openssh(&self) -> Zeroizing<String> {
        self.0
            .to_openssh(LineEnding::LF)
            .expect("an unencrypted ed25519 key is always encodable")
    }

    /// The public half, with the comment.
    ///
    /// # Panics
    /// Never: the public half of a key pair is a public key.
    pub fn public(&self) -> PublicKey {
        self.0
            .public_key()
            .to_openssh()
            .ok()
            .and_then(|line| line.parse().ok())
            .expect("the public half of a key pair is a public key")
    }
}
