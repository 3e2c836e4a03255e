//! Passwords in URLs.

use std::borrow::Cow;

/// A password or a token in a URL is replaced by as many `*` as it has bytes: a line that is
/// shown for something else may have one.
pub(crate) fn without_passwords(text: &str) -> Cow<'_, str> {
    const SCHEME_END: &str = "://";
    let mut shown = Cow::Borrowed(text);
    for (at, _) in text.match_indices(SCHEME_END) {
        let start = at + SCHEME_END.len();
        let authority = text[start..]
            .split(ENDS_AUTHORITY)
            .next()
            .unwrap_or_default();
        let login = authority.rsplit_once('@').map(|(login, _)| login);
        let Some(login) = login else {
            continue;
        };
        let (from, password) = match login.split_once(':') {
            Some((user, password)) => (start + user.len() + 1, password),
            // A token in place of a user; of ssh it is a user.
            None if text[..at].ends_with("ssh") || text[..at].ends_with("ssh-ng") => continue,
            None => (start, login),
        };
        let hidden = "*".repeat(password.len());
        shown
            .to_mut()
            .replace_range(from..from + password.len(), &hidden);
    }
    shown
}

/// What no user, password or host of a URL has.
const ENDS_AUTHORITY: [char; 9] = ['/', '?', '#', '"', '\'', '`', ' ', '\n', '\t'];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_starred_and_nothing_else() {
        for (text, shown) in [
            (
                "\"https://a:b@c.org\" \"s3://d:ef@g\"",
                "\"https://a:*@c.org\" \"s3://d:**@g\"",
            ),
            ("https://token@c.org", "https://*****@c.org"),
            ("https://a:b@c@d.org", "https://a:***@d.org"),
        ] {
            assert_eq!(without_passwords(text), shown);
        }
        for text in ["ssh://nix-ssh@kalaw:22", "http://[fd00::1]:80/@x:y", "://"] {
            assert_eq!(without_passwords(text), text);
        }
    }
}
