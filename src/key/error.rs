//! Why a text is not the key that was asked for.

/// Why a text is not the key that was asked for.
///
/// Each is a phrase about the text (`the key …`, `this …`). None repeats the
/// text: it could be a private key that somebody pasted by mistake.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Nothing but blanks.
    #[error("the key is empty")]
    Empty,
    /// A second line, or a control character.
    #[error("the key holds a line break or a control character; it is one line")]
    NotOneLine,
    /// A private key stands where the public half belongs.
    #[error("this is a private key, and only its public half may be here")]
    Private,
    /// A certificate is signed by an authority; pins and grants need the key.
    #[error("this is an SSH certificate, not a public key")]
    Certificate,
    /// OpenSSH 10 dropped DSA.
    #[error("this is a DSA key, and OpenSSH no longer accepts those")]
    Dsa,
    /// Shorter than anybody should use.
    #[error("this RSA key has {bits} bits; 2048 is the least that larder takes")]
    ShortRsa {
        /// The length of its modulus.
        bits: usize,
    },
    /// The first word is none of OpenSSH's key types.
    #[error("the key does not begin with a key type such as `ssh-ed25519`")]
    NoType,
    /// There is a key, and something before it.
    #[error("there is text before the key; give only its type and base64")]
    Options,
    /// A key type without its key.
    #[error("there is no key after `{0}`")]
    NoBlob(&'static str),
    /// Not base64, or base64 that lacks its end.
    #[error("the base64 after `{0}` is cut short or has a wrong character")]
    NotBase64(&'static str),
    /// The base64 holds another type than the word before it says.
    #[error("the base64 after `{0}` holds a key of another type")]
    OtherType(&'static str),
    /// The parts do not add up to a key of its type.
    #[error("the base64 after `{0}` is not a whole key")]
    NotWhole(&'static str),
    /// A Nix key without a colon.
    #[error("a signing key has the form `NAME:BASE64`")]
    NoName,
    /// The name before the colon of a Nix key.
    #[error(
        "the name of a signing key is not empty and has no blanks, quotes or control characters"
    )]
    BadName,
    /// What stands after the colon of a Nix key.
    #[error("after the name of a signing key stand the 44 characters of its public half")]
    BadSigningKey,
    /// The key of an authority vouches for machines and is none of theirs.
    #[error("this is the key of an authority (`@cert-authority`), not of one machine")]
    Authority,
    /// A line that takes a key out of service.
    #[error("this line revokes a key")]
    Revoked,
    /// More than one line holds a key, and they differ.
    #[error("there are several keys; give the one that is meant")]
    Several,
    /// A quote that opens in the options and never closes.
    #[error("a quote in the options before the key is not closed")]
    OpenQuote,
}
