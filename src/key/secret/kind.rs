//! The kinds of private keys.

/// The kind of private key that a text contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrivateKind {
    /// `-----BEGIN OPENSSH PRIVATE KEY-----`, encrypted or not.
    OpenSsh,
    /// `-----BEGIN [RSA|EC|DSA|ENCRYPTED] PRIVATE KEY-----`: PKCS#1, SEC 1, PKCS#8.
    Pem,
    /// `AGE-SECRET-KEY-1…`
    Age,
    /// `NAME:BASE64`, the secret half of a Nix signing key.
    NixSigning,
}

impl PrivateKind {
    /// The kind with its article, for a message: `an OpenSSH private key`.
    pub fn words(self) -> &'static str {
        match self {
            Self::OpenSsh => "an OpenSSH private key",
            Self::Pem => "a PEM private key",
            Self::Age => "an age secret key",
            Self::NixSigning => "the secret half of a Nix signing key",
        }
    }
}
