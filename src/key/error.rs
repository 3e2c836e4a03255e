//! Errors of reading a key.

/// Why a text is not a key of the expected kind.
///
/// Each message is a phrase about the text (`the key …`, `this …`). No message repeats the
/// text, which could be a private key that somebody pasted by mistake.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The text is blank.
    #[error("the key is empty")]
    Empty,
    /// The text has a second line or a control character.
    #[error("the key holds a line break or a control character; it is one line")]
    NotOneLine,
    /// A private key in place of the public half.
    #[error("this is a private key, and only its public half may be here")]
    Private,
    /// An SSH certificate: pins and `authorized_keys` need the plain key.
    #[error("this is an SSH certificate, not a public key")]
    Certificate,
    /// A DSA key, which OpenSSH 10 does not accept any more.
    #[error("this is a DSA key, and OpenSSH no longer accepts those")]
    Dsa,
    /// An RSA key that is too short to be secure.
    #[error("this RSA key has {bits} bits; 2048 is the least that larder takes")]
    ShortRsa {
        /// The length of the modulus in bits.
        bits: usize,
    },
    /// The first word is not a key type of OpenSSH.
    #[error("the key does not begin with a key type such as `ssh-ed25519`")]
    NoType,
    /// There is text before the key, such as options.
    #[error("there is text before the key; give only its type and base64")]
    Options,
    /// A key type without a key after it.
    #[error("there is no key after `{0}`")]
    NoBlob(&'static str),
    /// The text after the key type is not base64, or is cut short.
    #[error("the base64 after `{0}` is cut short or has a wrong character")]
    NotBase64(&'static str),
    /// The base64 encodes a key of another type.
    #[error("the base64 after `{0}` holds a key of another type")]
    OtherType(&'static str),
    /// The base64 does not encode a complete key of the type.
    #[error("the base64 after `{0}` is not a whole key")]
    NotWhole(&'static str),
    /// A Nix signing key without a colon.
    #[error("a signing key has the form `NAME:BASE64`")]
    NoName,
    /// The name before the colon of a Nix signing key is not valid.
    #[error(
        "the name of a signing key is not empty and has no blanks, quotes or control characters"
    )]
    BadName,
    /// The text after the colon of a Nix signing key is not a public key.
    #[error("after its name, a signing key has the 44 characters of its public half")]
    BadSigningKey,
    /// The key of a certificate authority, which identifies no machine itself.
    #[error("this is the key of an authority (`cert-authority`), not of one machine")]
    Authority,
    /// A line that revokes a key.
    #[error("this line revokes a key")]
    Revoked,
    /// The lines have different keys.
    #[error("there are several keys; give the one that is meant")]
    Several,
    /// A quote in the options is not closed.
    #[error("a quote in the options before the key is not closed")]
    OpenQuote,
}
