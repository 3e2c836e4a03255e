//! The URL of a store that is reached over ssh.

use percent_encoding::percent_decode_str;

/// `ssh://USER@HOST?NAME=VALUE&…` taken apart; other stores are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreUrl {
    /// `ssh` or `ssh-ng`.
    pub scheme: String,
    /// The user before `@`.
    pub user: Option<String>,
    /// The host, without brackets.
    pub host: String,
    /// A port behind the host: only Nix 2.31 and newer read it.
    pub port: Option<u16>,
    /// What stands behind `?`, decoded, in order.
    pub params: Vec<(String, String)>,
}

impl StoreUrl {
    /// Takes a substituter apart; `None` if it is not an ssh store.
    pub fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.trim().split_once("://")?;
        if !matches!(scheme, "ssh" | "ssh-ng") {
            return None;
        }
        let (authority, query) = rest.split_once('?').unwrap_or((rest, ""));
        let authority = authority.trim_end_matches('/');
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user.to_owned()), host),
            None => (None, authority),
        };
        let (host, port) = host_and_port(host);
        let params = query.split('&').filter_map(param).collect();
        (!host.is_empty()).then(|| Self {
            scheme: scheme.to_owned(),
            user,
            host: host.to_owned(),
            port,
            params,
        })
    }

    /// The value of a parameter; the last one counts, as in Nix.
    pub fn param(&self, name: &str) -> Option<&str> {
        let found = self.params.iter().rev().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The priority in force: an ssh store has 0 unless its URL says otherwise.
    pub fn priority(&self) -> u32 {
        let told = self.param("priority").and_then(|p| p.parse().ok());
        told.unwrap_or(0)
    }
}

fn host_and_port(text: &str) -> (&str, Option<u16>) {
    if let Some(rest) = text.strip_prefix('[')
        && let Some((host, after)) = rest.split_once(']')
    {
        return (host, after.strip_prefix(':').and_then(|p| p.parse().ok()));
    }
    match text.split_once(':') {
        // More than one colon: an IPv6 address without brackets.
        Some((host, port)) if !port.contains(':') => (host, port.parse().ok()),
        _ => (text, None),
    }
}

fn param(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=')?;
    let value = percent_decode_str(value).decode_utf8_lossy();
    Some((name.to_owned(), value.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_of_a_hand_made_cache() {
        let url = "ssh://nix-ssh@kalaw.fritz.box?ssh-key=/etc/nix/id%20a&priority=30";
        let url = StoreUrl::parse(url).unwrap();
        assert_eq!(url.user.as_deref(), Some("nix-ssh"));
        assert_eq!(url.host, "kalaw.fritz.box");
        assert_eq!(url.param("ssh-key"), Some("/etc/nix/id a"));
        assert_eq!(url.priority(), 30);
    }

    #[test]
    fn an_ssh_store_is_asked_first_unless_told() {
        assert_eq!(StoreUrl::parse("ssh://kalaw").unwrap().priority(), 0);
    }

    #[test]
    fn ports_and_addresses_with_colons() {
        let parse = |text| StoreUrl::parse(text).map(|url| (url.host, url.port));
        assert_eq!(parse("ssh-ng://a@h:2222"), Some(("h".into(), Some(2222))));
        assert_eq!(
            parse("ssh://a@[fe80::1]:22"),
            Some(("fe80::1".into(), Some(22)))
        );
        assert_eq!(parse("ssh://fe80::1"), Some(("fe80::1".into(), None)));
    }

    #[test]
    fn other_stores_are_none_of_ours() {
        for other in ["https://cache.nixos.org", "s3://x", "ssh://", "/nix/store"] {
            assert_eq!(StoreUrl::parse(other), None, "{other}");
        }
    }
}
