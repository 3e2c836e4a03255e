//! `[caches.NAME]` with a `url`: a cache that exists elsewhere.

use std::collections::{BTreeMap, HashSet};

use super::refusals::OtherKind;
use super::section::{Named, Section};
use super::shared::{Hosts, known_host, selectors, wiring};
use crate::fleet::format::{Key, cache as served, external_cache as format};
use crate::fleet::{
    CacheUrl, ClientCertificate, ExternalCache, ExternalLinkOverride, HostName, SecretFile,
    UrlScheme, may_have_login,
};
use crate::key::SigningPublicKey;

/// What stands for a key that is not known yet.
const PENDING: &str = "pending";

/// The cache of this name; its name is no host's.
pub(super) fn read(
    name: HostName,
    section: &mut Section<'_, '_>,
    hosts: &Hosts,
) -> Option<ExternalCache> {
    section.check_keys_of_kind(format::KEYS, &of_served(served::KEYS));
    let url = url(section);
    let netrc_file = section.parsed(&format::NETRC_FILE);
    let tls = client_certificate(section);
    if let Some(url) = &url {
        check_credentials(section, url);
    }
    Some(ExternalCache {
        clients: selectors(section, &served::CLIENTS, hosts),
        except: selectors(section, &served::EXCEPT, hosts),
        lan: section.flag(&served::LAN).unwrap_or_default(),
        priority: section.number(&served::PRIORITY),
        signing_keys: signing_keys(section),
        netrc_file,
        tls,
        wiring: wiring(section),
        link_overrides: link_overrides(section, hosts),
        range: section.place.clone(),
        url: url?,
        name,
    })
}

/// The name of a cache elsewhere; `None`, and said, if it is none.
pub(super) fn name(
    top: &mut Section<'_, '_>,
    named: &Named<'_>,
    hosts: &Hosts,
) -> Option<HostName> {
    if hosts.contains_key(named.name) {
        let why = format!(
            "`hosts.{0}` is a machine: call the cache otherwise, as `{0}-cache`",
            named.name
        );
        top.refuse_name(named, "a name for a cache that exists elsewhere", &why);
        return None;
    }
    match named.name.parse() {
        Ok(name) => Some(name),
        Err(error) => {
            top.refuse_name(named, "a name for a cache", &error);
            None
        }
    }
}

fn of_served<'k>(keys: &'k [&'k Key]) -> OtherKind<'k> {
    OtherKind {
        keys,
        whose: "a cache that a host of the fleet serves",
        help: "such a cache has the name of its host, and no `url`",
    }
}

/// A URL with a login in it is not quoted: it may have a password.
fn url(section: &mut Section<'_, '_>) -> Option<CacheUrl> {
    let text = section.text(&format::URL)?;
    if text.parse::<CacheUrl>().is_ok() || !may_have_login(text) {
        return section.parsed(&format::URL);
    }
    let message = format!("`{}` has a login in it", section.path_of(format::URL.name));
    let help = vec![
        "everybody on a client can read the URL: put the login into a file there, as \
         `machine HOST login WORD password SECRET`"
            .to_owned(),
        format!(
            "take it out of the URL, and write `{}`",
            format::NETRC_FILE.line()
        ),
        "where it was committed, change the password".to_owned(),
    ];
    section.refuse_with(section.place.clone(), "inventory-login", message, help);
    None
}

/// Of two keys with one name Nix sees the first only.
fn signing_keys(section: &mut Section<'_, '_>) -> Vec<SigningPublicKey> {
    let key = &format::SIGNING_KEY;
    if section.is_word(key, PENDING) {
        return Vec::new();
    }
    let keys: Vec<(SigningPublicKey, _)> = section.one_or_more(key);
    let mut names = HashSet::new();
    for (one, at) in &keys {
        if !names.insert(one.name()) {
            let why = "another one has this name, and Nix would see the first only";
            section.unusable_entry(key, at.clone(), &why);
        }
    }
    keys.into_iter().map(|(one, _)| one).collect()
}

/// Both files, or none.
fn client_certificate(section: &mut Section<'_, '_>) -> Option<ClientCertificate> {
    let certificate: Option<SecretFile> = section.parsed(&format::TLS_CERTIFICATE);
    let private_key: Option<SecretFile> = section.parsed(&format::TLS_PRIVATE_KEY);
    let has = |key: &Key| section.get(key).is_some();
    let (has_certificate, has_key) = (has(&format::TLS_CERTIFICATE), has(&format::TLS_PRIVATE_KEY));
    match (has_certificate, has_key) {
        (true, false) => section.refuse_missing(&format::TLS_PRIVATE_KEY),
        (false, true) => section.refuse_missing(&format::TLS_CERTIFICATE),
        _ => {}
    }
    Some(ClientCertificate {
        certificate: certificate?,
        private_key: private_key?,
    })
}

/// Credentials that such a URL has no use for.
fn check_credentials(section: &mut Section<'_, '_>, url: &CacheUrl) {
    let scheme = url.scheme();
    let https = scheme == UrlScheme::Https;
    let login = (
        &format::NETRC_FILE,
        scheme.is_http(),
        "over http(s) asks for a login",
    );
    let certificate = (
        &format::TLS_CERTIFICATE,
        https,
        "over https asks for a certificate",
    );
    for (key, fits, why) in [login, certificate] {
        if fits || section.get(key).is_none() {
            continue;
        }
        let path = section.path_of(key.name);
        let message = format!("`{path}` is of no use: only a cache {why}");
        let help = match scheme {
            UrlScheme::S3 => "Nix takes the credentials for S3 from `/root/.aws` of each client",
            _ => "take it out",
        };
        let at = section.at(key);
        section.refuse_reference(at, "inventory-value", message, help.to_owned());
    }
}

fn link_overrides(
    section: &mut Section<'_, '_>,
    hosts: &Hosts,
) -> BTreeMap<HostName, ExternalLinkOverride> {
    let mut all = BTreeMap::new();
    for named in section.named(&format::LINK) {
        let client = known_host(section, &named, hosts);
        let Some(mut table) = section.open(&format::LINK, &named) else {
            continue;
        };
        table.check_keys_of_kind(format::LINK_KEYS, &of_served(served::LINK_KEYS));
        let own = ExternalLinkOverride {
            lan: table.flag(&served::LAN),
            priority: table.number(&served::PRIORITY),
        };
        all.extend(client.map(|client| (client, own)));
    }
    all
}
