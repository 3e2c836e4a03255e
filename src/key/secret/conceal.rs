//! Texts without the private keys that are in them.

use std::borrow::Cow;

use super::looks_private;

/// What is longer may be a key, where there is one.
const WORD: usize = 20;

/// The text without what may be a key, and with every byte offset as it was.
pub fn concealed_in_place(text: &str) -> String {
    let is_of_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '-');
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive(|c| !is_of_key(c)) {
        let key = word.trim_end_matches(|c| !is_of_key(c));
        let shown = if key.len() < WORD { key } else { "" };
        out.push_str(shown);
        out.extend(std::iter::repeat_n('*', key.len() - shown.len()));
        out.push_str(&word[key.len()..]);
    }
    out
}

/// The text with the lines of private keys concealed, and all others as they are.
pub fn without_private_keys(text: &str) -> Cow<'_, str> {
    if looks_private(text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut is_inside = false;
    let lines = text.split_inclusive('\n').map(|line| {
        is_inside |= line.contains("-----BEGIN ") && line.contains("PRIVATE KEY");
        let is_hidden = is_inside || looks_private(line).is_some();
        is_inside &= !line.contains("-----END ");
        if is_hidden {
            Cow::Owned(concealed_in_place(line))
        } else {
            Cow::Borrowed(line)
        }
    });
    Cow::Owned(lines.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{PrivateKey, SigningSecret};

    #[test]
    fn only_lines_of_private_keys_are_concealed() {
        let key = PrivateKey::from_seed(&[7; 32], "").to_openssh();
        let secret = SigningSecret::from_seed("kalaw-1", &[7; 32]).unwrap();
        let public = secret.public().to_string();
        let text = format!("{public}\n{}\n{}# {public}\n", *secret.to_text(), *key);
        let shown = without_private_keys(&text);
        assert_eq!(shown.len(), text.len());
        assert_eq!(looks_private(&shown), None);
        assert_eq!(shown.matches(&public).count(), 2);
        assert!(
            key.lines()
                .filter(|line| line.len() > 60)
                .all(|line| !shown.contains(line))
        );
        assert_eq!(without_private_keys(&public), public);
    }
}
