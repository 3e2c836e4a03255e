//! The URL of a cache that exists elsewhere.

use std::net::IpAddr;

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

    /// The words of it that may be its name: the last part of its path, and those of its host;
    /// none that every cache has, and no address.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let host = self.host().unwrap_or_default();
        let path = self.store().rsplit_once("://").map(|(_, path)| path);
        let path = path.and_then(|path| path.rsplit_once('/'));
        let labels = host.split('.').filter(|_| host.parse::<IpAddr>().is_err());
        let words = path.map(|(_, last)| last).into_iter().chain(labels);
        words.filter(|word| !word.is_empty() && !GENERIC.contains(word))
    }

    /// True if its host has a name or an address that only a private network knows.
    pub fn is_private(&self) -> bool {
        self.host().is_none_or(is_private)
    }

    /// The URL without its parameters and without a slash at its end: two URLs with the same
    /// one lead to the same cache.
    pub fn store(&self) -> &str {
        store_of(&self.0)
    }
}

/// True if a parameter of the URL has this name.
pub fn has_param(url: &str, name: &str) -> bool {
    let query = url.split_once('?').map(|(_, query)| query);
    let mut names = query.unwrap_or_default().split('&');
    names.any(|one| one.split('=').next() == Some(name))
}

/// The host of a URL that has a login before it; `None`: it has none, or is of ssh, where the
/// user is part of how a machine is reached.
pub fn host_behind_login(url: &str) -> Option<&str> {
    let (scheme, rest) = split(url.trim())?;
    let (_, host) = authority_of(rest).rsplit_once('@')?;
    (scheme != UrlScheme::File).then_some(host)
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

/// Words that say nothing.
const GENERIC: [&str; 6] = ["cache", "nix", "attic", "www", "s3", "nix-cache"];

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

/// What ends the names of private networks: RFC 6762 and its appendix, RFC 8375, the routers
/// and VPNs that many have.
const PRIVATE: [&str; 11] = [
    ".local",
    ".localhost",
    ".internal",
    ".intranet",
    ".private",
    ".corp",
    ".home",
    ".lan",
    ".home.arpa",
    ".fritz.box",
    ".ts.net",
];

fn is_private(host: &str) -> bool {
    if let Ok(address) = host.parse::<IpAddr>() {
        return is_private_address(address);
    }
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    !host.contains('.') || PRIVATE.iter().any(|end| host.ends_with(end))
}

fn is_private_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            // The last are of carriers, and of Tailscale.
            let [first, second, ..] = address.octets();
            let is_shared = first == 100 && (64..128).contains(&second);
            address.is_private() || address.is_loopback() || address.is_link_local() || is_shared
        }
        IpAddr::V6(address) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
    }
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
    fn private_networks_are_told_from_the_world() {
        let is_private = |host: &str| {
            let url: CacheUrl = format!("http://{host}:5000/x").parse().unwrap();
            url.is_private()
        };
        for host in [
            "kalaw",
            "kalaw.fritz.box",
            "kalaw.lan",
            "localhost",
            "10.0.0.5",
            "192.168.1.2",
            "172.20.0.1",
            "100.100.1.1",
            "127.0.0.1",
            "[fd00::1]",
            "[::1]",
            "a.tail1.ts.net",
        ] {
            assert!(is_private(host), "{host}");
        }
        for host in [
            "cache.example.org",
            "8.8.8.8",
            "172.32.0.1",
            "[2001:db8::1]",
        ] {
            assert!(!is_private(host), "{host}");
        }
    }

    #[test]
    fn a_name_is_found_in_a_url() {
        let name = |url: &str| {
            let url: CacheUrl = url.parse().unwrap();
            url.words().next().map(str::to_owned)
        };
        for (url, word) in [
            ("https://attic.example.org/work", Some("work")),
            ("https://cache.example.org/", Some("example")),
            ("http://kalaw:5000", Some("kalaw")),
            ("http://10.0.0.5:5000", None),
            ("s3://work-cache?region=x", Some("work-cache")),
            ("file:///srv/office", Some("office")),
        ] {
            assert_eq!(name(url).as_deref(), word, "{url}");
        }
    }

    #[test]
    fn the_host_behind_a_login() {
        let host = host_behind_login;
        assert_eq!(host("https://a:b@c.org/x?y=@"), Some("c.org"));
        assert_eq!(host("https://c.org/@x"), None);
        assert_eq!(host("ssh://nix-ssh@kalaw"), None);
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
