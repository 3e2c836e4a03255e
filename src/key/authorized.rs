//! One line of `authorized_keys`: a key that may log in, and its options.

use std::str::FromStr;

use super::error::KeyError;
use super::public::{Algorithm, PublicKey, one_line, why_no_type};
use super::split::{first_quoted_word, first_word};

/// One line of `authorized_keys` (`OPTIONS TYPE BASE64 COMMENT`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizedKey {
    /// The text before the key, as written; `None` if the line begins with the key.
    pub options: Option<String>,
    /// The key that may log in.
    pub key: PublicKey,
}

impl FromStr for AuthorizedKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let line = one_line(text)?;
        if Algorithm::named(first_word(line).0).is_some() {
            let key = line.parse()?;
            return Ok(Self { options: None, key });
        }
        let (options, rest) = first_quoted_word(line).ok_or(KeyError::OpenQuote)?;
        let (word, after) = first_word(rest);
        let Some(algorithm) = Algorithm::named(word) else {
            // A refused key type may be the first word too: `ssh-dss AAAA…` has no options.
            let refused = [options, word].map(|word| why_no_type(word, ""));
            let first = refused.into_iter().find(|why| *why != KeyError::NoType);
            return Err(first.unwrap_or(KeyError::NoType));
        };
        let (base64, comment) = first_word(after);
        Ok(Self {
            options: Some(options.to_owned()),
            key: PublicKey::from_parts(algorithm, base64, comment)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOpKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs";

    #[test]
    fn options_may_hold_blanks_quotes_and_key_types() {
        let check = |options: &str| {
            let line: AuthorizedKey = format!("{options}  {KEY} me").parse().unwrap();
            assert_eq!(line.options.as_deref(), Some(options));
            assert_eq!(line.key.comment(), Some("me"));
        };
        check("restrict");
        check(r#"command="nix-store --serve --write",no-pty"#);
        check(r#"command="echo \"ssh-ed25519 AAAA\" #",from="*.lan""#);
    }

    #[test]
    fn a_line_without_options_is_only_its_key() {
        let line: AuthorizedKey = KEY.parse().unwrap();
        assert_eq!(line.options, None);
        assert_eq!(line.key.to_string(), KEY);
    }

    #[test]
    fn broken_lines_say_why() {
        let check = |text: &str, why: KeyError| {
            assert_eq!(text.parse::<AuthorizedKey>(), Err(why), "{text}");
        };
        check(&format!(r#"command="x {KEY}"#), KeyError::OpenQuote);
        check("ssh-dss AAAA x", KeyError::Dsa);
        check("no-pty ssh-dss AAAA", KeyError::Dsa);
        check("# a comment", KeyError::NoType);
    }
}
