//! The URL of a cache that exists elsewhere.

use serde::{Deserialize, Serialize};

use super::{NameError, checked_name, only};

/// The URL of a binary cache, as Nix takes it for a substituter: `https`, `http`, `s3` or
/// `file`.
///
/// It has no blank, quote or control character, so that it is one word in nix.conf. It has no
/// login and no password, because the URL is in the Nix store, which everybody can read. What
/// the inventory has keys for is not in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CacheUrl(String);

checked_name!(CacheUrl, check_url);

/// How a cache elsewhere is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlScheme {
    /// Encrypted, and the server shows a certificate.
    Https,
    /// In the clear.
    Http,
    /// A bucket of S3, or of what speaks its protocol.
    S3,
    /// A folder of the client.
    File,
}

impl UrlScheme {
    const ALL: [(&'static str, Self); 4] = [
        ("https://", Self::Https),
        ("http://", Self::Http),
        ("s3://", Self::S3),
        ("file://", Self::File),
    ];

    /// True if a server of HTTP answers, which may ask for a login.
    pub fn is_http(self) -> bool {
        matches!(self, Self::Https | Self::Http)
    }
}

impl CacheUrl {
    /// How it is reached.
    pub fn scheme(&self) -> UrlScheme {
        split(&self.0).map_or(UrlScheme::Https, |(scheme, _)| scheme)
    }

    /// The host of a server, or the name of a bucket; `None`: a folder.
    pub fn host(&self) -> Option<&str> {
        let (scheme, rest) = split(&self.0)?;
        (scheme != UrlScheme::File).then(|| host_of(rest))
    }

    /// The URL without its parameters and without a slash at its end: two URLs with the same
    /// one lead to the same cache.
    pub fn store(&self) -> &str {
        store_of(&self.0)
    }
}

/// A URL without its parameters and without a slash at its end.
pub fn store_of(url: &str) -> &str {
    url.split('?').next().unwrap_or(url).trim_end_matches('/')
}

/// True if what is no URL of a cache may be one with a login in it, and perhaps a password: it
/// is not to be repeated.
pub fn may_have_login(text: &str) -> bool {
    // There it is part of how a machine is reached, or of a path.
    let harmless = ["ssh://", "ssh-ng://", "file://"];
    text.contains('@') && !harmless.iter().any(|scheme| text.starts_with(scheme))
}

/// Parameters that the inventory has a key for, or that no client may have.
const NOT_IN_URL: [(&str, &str); 5] = [
    (
        "priority",
        "the inventory has `priority` for that, or `lan`",
    ),
    (
        "trusted",
        "with `trusted` Nix accepts paths that nobody has signed: `signing-key` has the key",
    ),
    (
        "tls-certificate",
        "the inventory has `tls-certificate` for that",
    ),
    (
        "tls-private-key",
        "the inventory has `tls-private-key` for that",
    ),
    (
        "secret-key",
        "a client does not sign, and everybody can read the URL",
    ),
];

fn check_url(text: &str) -> Result<(), NameError> {
    let in_url = |c: char| {
        c.is_ascii_graphic() && !matches!(c, '"' | '\'' | '`' | '\\' | '#' | '$' | '<' | '>')
    };
    only("the URL of a cache", text, in_url)?;
    let (scheme, rest) = split(text).ok_or_else(|| without_scheme(text))?;
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    match scheme {
        UrlScheme::File if !place.starts_with('/') => {
            return Err(NameError::Form(
                "the folder of a cache is an absolute path, as in `file:///srv/cache`",
            ));
        }
        UrlScheme::File => {}
        _ => check_host(place)?,
    }
    let names = query
        .split('&')
        .map(|one| one.split('=').next().unwrap_or(one));
    let forbidden = |name: &str| NOT_IN_URL.iter().find(|(one, _)| *one == name);
    match names.into_iter().find_map(forbidden) {
        Some((_, why)) => Err(NameError::Form(why)),
        None => Ok(()),
    }
}

fn check_host(place: &str) -> Result<(), NameError> {
    let authority = authority_of(place);
    if authority.contains('@') {
        return Err(NameError::Form(
            "everybody on the machine can read the URL: put the login into a file, and name that in `netrc-file`",
        ));
    }
    let port = authority
        .rsplit_once(':')
        .filter(|(_, port)| !port.ends_with(']'));
    if host_of(place).is_empty() || port.is_some_and(|(_, port)| port.parse::<u16>().is_err()) {
        return Err(NameError::Form(
            "a URL has a host, and a port is a number, as in `https://cache.example.org:8443`",
        ));
    }
    Ok(())
}

fn without_scheme(text: &str) -> NameError {
    NameError::Form(
        if text.starts_with("ssh://") || text.starts_with("ssh-ng://") {
            "a machine that serves its store over ssh is one of `[hosts]`, and its cache has no `url`"
        } else {
            "it begins with `https://`, `http://`, `s3://` or `file://`"
        },
    )
}

fn split(text: &str) -> Option<(UrlScheme, &str)> {
    let mut all = UrlScheme::ALL.into_iter();
    all.find_map(|(prefix, scheme)| Some((scheme, text.strip_prefix(prefix)?)))
}

fn authority_of(rest: &str) -> &str {
    rest.split(['/', '?']).next().unwrap_or(rest)
}

fn host_of(rest: &str) -> &str {
    let authority = authority_of(rest);
    match authority.split_once(']') {
        Some((address, _)) => address.trim_start_matches('['),
        None => authority.split(':').next().unwrap_or(authority),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_name_their_caches_by_is_a_url() {
        for (text, host) in [
            ("https://attic.example.org/work", Some("attic.example.org")),
            ("https://cache.example.org:8443", Some("cache.example.org")),
            ("http://10.0.0.5:5000/", Some("10.0.0.5")),
            ("http://[fd00::1]:8080/x", Some("fd00::1")),
            (
                "s3://work-cache?region=eu-west-1&profile=nix",
                Some("work-cache"),
            ),
            ("file:///srv/cache", None),
        ] {
            let url: CacheUrl = text
                .parse()
                .unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(url.host(), host, "{text}");
        }
    }

    #[test]
    fn what_would_leak_or_not_work_is_none() {
        for text in [
            "",
            "attic.example.org",
            "ssh://nix-ssh@kalaw",
            "https://",
            "https://:80",
            "https://a:b",
            "https://user:word@cache.example.org",
            "https://token@cache.example.org",
            "https://cache.example.org?priority=10",
            "https://cache.example.org?compression=zstd&trusted=true",
            "https://cache.example.org?tls-certificate=/etc/x",
            "https://cache.example.org/a b",
            "https://cache.example.org/\"",
            "https://cache.example.org/${x}",
            "file://srv/cache",
            "s3://?region=x",
        ] {
            assert!(text.parse::<CacheUrl>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn what_may_be_a_password_is_told_from_a_path() {
        for text in [
            "https://user:word@cache.example.org",
            "https://user:wo/rd@cache.example.org",
            "https:/user:word@cache.example.org",
            "user:word@cache.example.org",
        ] {
            assert!(
                may_have_login(text) && text.parse::<CacheUrl>().is_err(),
                "{text}"
            );
        }
        for text in [
            "ssh://nix-ssh@kalaw",
            "file:///@/cache",
            "cache.example.org",
        ] {
            assert!(!may_have_login(text), "{text}");
        }
        assert!(
            "https://cache.example.org/@work"
                .parse::<CacheUrl>()
                .is_ok()
        );
    }

    #[test]
    fn a_store_is_the_same_with_and_without_a_slash() {
        let store = |text: &str| text.parse::<CacheUrl>().unwrap().store().to_owned();
        assert_eq!(
            store("https://a.org/x/"),
            store("https://a.org/x?compression=xz")
        );
        assert_ne!(store("https://a.org/x"), store("https://a.org/y"));
    }
}
