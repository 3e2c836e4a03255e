//! What a cache elsewhere says of itself to everybody who asks: its priority, the folder of its
//! store, and, where the server is one that tells it, its public key.

use serde_json::Value;

use super::said::{Said, add_key};
use crate::command::Ask;
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{ExternalCache, UrlScheme};
use crate::key::SigningPublicKey;

/// Where all caches of Cachix are.
const CACHIX: &str = ".cachix.org";
/// The only store whose paths fit a machine of NixOS.
const STORE: &str = "/nix/store";

/// What a cache has said.
#[derive(Debug, Default)]
pub(super) struct Found {
    priority: Option<u16>,
    keys: Vec<SigningPublicKey>,
    /// It was asked for a key, and has told none.
    tells_no_key: bool,
}

/// Asks it.
///
/// # Errors
/// When it cannot be reached, or is no cache of ours.
pub(super) fn look(cache: &ExternalCache, ask: &mut dyn Ask) -> Result<Found, Stop> {
    let scheme = cache.url.scheme();
    if !scheme.is_http() {
        return Err(not_asked(cache));
    }
    let base = cache.url.store();
    let info = ask.web(&format!("{base}/nix-cache-info"))?;
    let info = info.map_err(|why| silent(cache, &why))?;
    if !info.contains("StoreDir:") {
        return Err(no_cache(cache));
    }
    if field(&info, "StoreDir").is_some_and(|dir| dir != STORE) {
        return Err(other_store(cache, &info));
    }
    // Whoever answers over http may be anybody.
    let keys = match scheme {
        UrlScheme::Https => keys(cache, ask)?,
        _ => Vec::new(),
    };
    Ok(Found {
        priority: field(&info, "Priority").and_then(|number| number.parse().ok()),
        tells_no_key: keys.is_empty(),
        keys,
    })
}

impl Found {
    /// Writes into the cache what it says, where nothing else is said; what is not taken as it
    /// is comes back in words.
    pub(super) fn take_into(self, cache: &mut ExternalCache, said: &Said) -> Vec<String> {
        let mut remarks = Vec::new();
        let usual = cache.usual_priority();
        if let Some(own) = self.priority.filter(|_| said.priority.is_none()) {
            if own > usual {
                cache.priority = Some(own);
            } else if own < usual {
                remarks.push(format!(
                    "`{}` says priority {own} of itself; its clients ask it with {usual}, unless \
                     `--priority` or `--lan` says otherwise",
                    cache.name
                ));
            }
        }
        if said.keys.is_empty() && cache.signing_keys.is_empty() {
            self.keys.into_iter().for_each(|key| add_key(cache, key));
        }
        let is_missing = cache.signing_keys.is_empty() && said.keys.is_empty();
        if self.tells_no_key && is_missing {
            remarks.push(format!(
                "`{}` does not tell its public key: who runs it does",
                cache.name
            ));
        }
        remarks
    }
}

/// Attic and Cachix tell their keys; others have no place for them.
fn keys(cache: &ExternalCache, ask: &mut dyn Ask) -> Result<Vec<SigningPublicKey>, Stop> {
    let host = cache.url.host().unwrap_or_default();
    if let Some(name) = host.strip_suffix(CACHIX) {
        let reply = ask.web(&format!("https://cachix.org/api/v1/cache/{name}"))?;
        return Ok(reply.map_or_else(|_| Vec::new(), |text| in_json(&text)));
    }
    // The last part of the URL is the cache's name on its server.
    let Some((server, name)) = cache.url.store().rsplit_once('/') else {
        return Ok(Vec::new());
    };
    if server.ends_with('/') {
        return Ok(Vec::new());
    }
    let reply = ask.web(&format!("{server}/_api/v1/cache-config/{name}"))?;
    Ok(reply.map_or_else(|_| Vec::new(), |text| in_json(&text)))
}

/// `public_key` of Attic, `publicSigningKeys` of Cachix.
fn in_json(text: &str) -> Vec<SigningPublicKey> {
    let value: Value = serde_json::from_str(text).unwrap_or_default();
    let one = value["public_key"].as_str();
    let several = value["publicSigningKeys"].as_array();
    let several = several.into_iter().flatten().filter_map(Value::as_str);
    one.into_iter()
        .chain(several)
        .filter_map(|key| key.parse().ok())
        .collect()
}

/// The value of a line such as `Priority: 40`.
fn field<'t>(info: &'t str, name: &str) -> Option<&'t str> {
    let mut lines = info.lines().filter_map(|line| line.split_once(':'));
    let line = lines.find(|(key, _)| key.trim() == name);
    line.map(|(_, value)| value.trim())
}

fn not_asked(cache: &ExternalCache) -> Stop {
    let message = format!(
        "`{}` cannot be asked online: only a server of http(s) can",
        cache.url
    );
    Diagnostic::error("cache-not-asked", message)
        .help("leave `--online` out, and give `--signing-key NAME:BASE64`")
        .into()
}

fn silent(cache: &ExternalCache, why: &str) -> Stop {
    let message = format!(
        "`{}/nix-cache-info` cannot be had: {why}",
        cache.url.store()
    );
    let problem = Diagnostic::error("cache-silent", message)
        .help("without `--online` nobody is asked: give `--signing-key NAME:BASE64`");
    let wants_login = ["401", "403"].iter().any(|status| why.contains(status));
    let problem = if wants_login {
        problem.help("a cache that wants a login is not asked: larder has none")
    } else {
        problem
    };
    problem.into()
}

fn no_cache(cache: &ExternalCache) -> Stop {
    let message = format!(
        "`{}` is not a binary cache: its `nix-cache-info` is none",
        cache.url
    );
    Diagnostic::error("cache-not-one", message)
        .help("the URL is that of `substituters` in nix.conf, as who runs the cache gives it")
        .into()
}

fn other_store(cache: &ExternalCache, info: &str) -> Stop {
    let store = field(info, "StoreDir").unwrap_or_default();
    let message = format!(
        "`{}` is a cache for the store `{}`",
        cache.url,
        store.escape_debug()
    );
    Diagnostic::error("cache-of-another-store", message)
        .help(format!(
            "machines of NixOS have `{STORE}`: no path of it fits them"
        ))
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "work:egq7FePEFoouQp1hs/rt3axBugMGj343PprxwogwFcE=";

    #[test]
    fn keys_as_attic_and_cachix_tell_them() {
        let of =
            |text: &str| -> Vec<String> { in_json(text).iter().map(ToString::to_string).collect() };
        assert_eq!(
            of(&format!(r#"{{"public_key":"{KEY}","is_public":true}}"#)),
            [KEY]
        );
        assert_eq!(
            of(&format!(r#"{{"name":"x","publicSigningKeys":["{KEY}"]}}"#)),
            [KEY]
        );
        assert!(of("<html>").is_empty());
        assert!(of(r#"{"public_key":"no key"}"#).is_empty());
    }

    #[test]
    fn lines_of_cache_info() {
        let info = "StoreDir: /nix/store\nWantMassQuery: 1\nPriority: 41\n";
        assert_eq!(field(info, "Priority"), Some("41"));
        assert_eq!(field(info, "StoreDir"), Some(STORE));
        assert_eq!(field("Priorities: 3\n", "Priority"), None);
    }
}
