//! The public half of a private key in a file, by which the key is known again.

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

use super::pasted::PastedKey;
use super::public::PublicKey;
use super::signing::{SigningPublicKey, is_secret};

/// The public half of a text that is a private key and nothing else; `None` for any other
/// text.
pub fn public_half(text: &str) -> Option<PastedKey> {
    let signing = || signing_half(text.trim()).map(PastedKey::Signing);
    ssh_half(text).map(PastedKey::Ssh).or_else(signing)
}

/// An OpenSSH file has its public half in the clear, also behind a passphrase.
fn ssh_half(text: &str) -> Option<PublicKey> {
    let key = ssh_key::PrivateKey::from_openssh(text).ok()?;
    key.public_key().to_openssh().ok()?.parse().ok()
}

fn signing_half(text: &str) -> Option<SigningPublicKey> {
    let (name, base64) = text.split_once(':')?;
    let bytes = Zeroizing::new(Base64::decode_vec(base64).ok()?);
    let (_, public) = bytes.split_at_checked(SEED).filter(|_| is_secret(&bytes))?;
    format!("{name}:{}", Base64::encode_string(public))
        .parse()
        .ok()
}

/// The bytes of a seed, before the public half.
const SEED: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{PrivateKey, SigningSecret};

    #[test]
    fn a_private_key_gives_its_public_half() {
        let ssh = PrivateKey::from_seed(&[7; 32], "kalaw");
        let half = public_half(&ssh.to_openssh());
        assert_eq!(half, Some(PastedKey::Ssh(ssh.public())));
        let signing = SigningSecret::from_seed("kalaw-1", &[7; 32]).expect("a name");
        let half = public_half(&format!("{}\n", *signing.to_text()));
        assert_eq!(half, Some(PastedKey::Signing(signing.public())));
    }

    #[test]
    fn another_text_has_none() {
        let public = SigningSecret::from_seed("kalaw-1", &[7; 32])
            .expect("a name")
            .public();
        for text in ["", "password: secret", "a:b", &public.to_string()] {
            assert_eq!(public_half(text), None, "{text}");
        }
    }
}
