//! What the inventory says of a host, a cache and a link, field by field.
//!
//! Defaults are silence: a field is there only where there is something to say.
//! The one exception is `pending`, which is written out so that people see what
//! is still to do.

use serde_json::Value;

use crate::data::Field;
use crate::fleet::format::{Key, cache as c, external_cache as e, host as h, jump_host as j};
use crate::fleet::{
    Cache, Engine, ExternalCache, ExternalLinkOverride, Host, Identity, JumpHost, LinkOverride,
    SigningKey, SshdOwner, Successor, Wiring,
};
use crate::key::SigningPublicKey;

/// What stands for a key that is still to come.
const PENDING: &str = "pending";

/// The fields of a host.
pub(super) fn of_host(host: &Host) -> Vec<Field<'static>> {
    vec![
        text(&h::MODULE, host.module.as_ref()),
        text(&h::WITHIN, host.within.as_ref()),
        text(&h::SYSTEM, host.system.as_ref()),
        text(&h::ADDRESS, host.address.as_ref()),
        (h::PORT.name, host.port.map(Value::from)),
        text(&h::PROXY_JUMP, host.proxy_jump.as_ref()),
        pair(
            &h::HOST_KEY,
            host.host_key.as_ref(),
            next(host.next_host_key.as_ref()),
        ),
        yes(&h::USE_NEW_HOST_KEY, is_in_use(host.next_host_key.as_ref())),
        (h::IDENTITY.name, host.identity.as_ref().map(identity)),
        (h::NIXOS.name, (!host.nixos).then_some(Value::Bool(false))),
        texts(&h::TAGS, &host.tags),
        yes(&h::ROAMING, host.roaming),
    ]
}

/// The fields of a jump host.
pub(super) fn of_jump_host(jump_host: &JumpHost) -> Vec<Field<'static>> {
    vec![text(&j::HOST_KEY, Some(&jump_host.host_key))]
}

/// The fields of a cache, but the links: they are tables of their own.
pub(super) fn of_cache(cache: &Cache) -> Vec<Field<'static>> {
    let own_identity = Some(&cache.identity).filter(|one| **one != Identity::HostKey);
    let wiring = (cache.wiring == Wiring::Adopted).then_some("adopted");
    vec![
        texts(&c::CLIENTS, &cache.clients),
        texts(&c::EXCEPT, &cache.except),
        yes(&c::LAN, cache.lan),
        (c::PRIORITY.name, cache.priority.map(Value::from)),
        engine(cache),
        text(
            &c::PROTOCOL,
            cache.ssh_protocol().filter(|_| cache.is_called_protocol),
        ),
        (c::TUNNEL_PORT.name, cache.tunnel_port.map(Value::from)),
        (h::IDENTITY.name, own_identity.map(identity)),
        pair(
            &c::SIGNING_KEY,
            Some(signing_key(&cache.signing_key)),
            next(cache.next_signing_key.as_ref()),
        ),
        yes(
            &c::USE_NEW_SIGNING_KEY,
            is_in_use(cache.next_signing_key.as_ref()),
        ),
        signing_key_file(cache),
        (
            c::MAKE_SIGNING_KEY.name,
            cache.make_signing_key.map(Value::Bool),
        ),
        (c::ENABLE_SSHD.name, enable_sshd(cache.sshd)),
        text(&c::WIRING, wiring),
    ]
}

/// The fields of one client's way to a cache.
pub(super) fn of_link(link: &LinkOverride) -> Vec<Field<'static>> {
    vec![
        text(&h::ADDRESS, link.address.as_ref()),
        (h::PORT.name, link.port.map(Value::from)),
        text(&h::PROXY_JUMP, link.proxy_jump.as_ref()),
        (c::LAN.name, link.lan.map(Value::from)),
        (c::PRIORITY.name, link.priority.map(Value::from)),
    ]
}

/// The fields of a cache elsewhere, but the links.
pub(super) fn of_external(cache: &ExternalCache) -> Vec<Field<'static>> {
    let wiring = cache.is_adopted().then_some("adopted");
    let tls = cache.tls.as_ref();
    vec![
        text(&e::URL, Some(&cache.url)),
        texts(&c::CLIENTS, &cache.clients),
        texts(&c::EXCEPT, &cache.except),
        yes(&c::LAN, cache.lan),
        (c::PRIORITY.name, cache.priority.map(Value::from)),
        (e::SIGNING_KEY.name, Some(keys(&cache.signing_keys))),
        text(&e::NETRC_FILE, cache.netrc_file.as_ref()),
        text(&e::TLS_CERTIFICATE, tls.map(|tls| &tls.certificate)),
        text(&e::TLS_PRIVATE_KEY, tls.map(|tls| &tls.private_key)),
        text(&c::WIRING, wiring),
    ]
}

/// The fields of one client's way to a cache elsewhere.
pub(super) fn of_external_link(link: &ExternalLinkOverride) -> Vec<Field<'static>> {
    vec![
        (c::LAN.name, link.lan.map(Value::from)),
        (c::PRIORITY.name, link.priority.map(Value::from)),
    ]
}

/// One key as text, several as a list.
fn keys(keys: &[SigningPublicKey]) -> Value {
    match keys {
        [] => Value::from(PENDING),
        [one] => Value::from(one.to_string()),
        several => several.iter().map(ToString::to_string).collect(),
    }
}

fn identity(identity: &Identity) -> Value {
    match identity {
        Identity::HostKey => Value::from("host-key"),
        Identity::File {
            path,
            key,
            next: new,
            make,
        } => {
            let key = key.as_ref().map_or(PENDING.to_owned(), ToString::to_string);
            let fields = [
                text(&h::FILE, Some(path)),
                pair(&h::IDENTITY_KEY, Some(key), next(new.as_ref())),
                yes(&h::USE_NEW, is_in_use(new.as_ref())),
                yes(&h::MAKE, *make),
            ];
            let members = fields.into_iter();
            members
                .filter_map(|(name, value)| Some((name, value?)))
                .collect()
        }
    }
}

/// One engine, or a list of the old one and the new one.
fn engine(cache: &Cache) -> Field<'static> {
    let is_default = cache.engine == Engine::Ssh && cache.former_engine.is_none();
    let value = match cache.former_engine {
        _ if is_default || cache.is_called_protocol => None,
        None => Some(Value::from(cache.engine.word())),
        Some(former) => Some(Value::from(vec![former.word(), cache.engine.word()])),
    };
    (c::SERVE.name, value)
}

fn enable_sshd(owner: SshdOwner) -> Option<Value> {
    match owner {
        SshdOwner::Unsaid => None,
        SshdOwner::Wiring => Some(Value::Bool(true)),
        SshdOwner::Elsewhere => Some(Value::Bool(false)),
    }
}

fn signing_key(key: &SigningKey) -> String {
    match key {
        SigningKey::Pending => PENDING.to_owned(),
        SigningKey::Known(key) => key.to_string(),
    }
}

/// Where the cache does not make the file of its next key, the two are a list.
fn signing_key_file(cache: &Cache) -> Field<'static> {
    let next = cache.next_signing_key_file.as_ref();
    let old = match (&cache.signing_key_file, next) {
        (None, Some(_)) => Some(cache.signing_key_file()),
        (old, _) => old.clone(),
    };
    pair(&c::SIGNING_KEY_FILE, old, next.map(ToString::to_string))
}

/// The word for a key that takes the place of another, if one does.
fn next<K: ToString>(next: Option<&Successor<K>>) -> Option<String> {
    let word = |key: &K| key.to_string();
    next.map(|next| next.key.as_ref().map_or(PENDING.to_owned(), word))
}

fn is_in_use<K>(next: Option<&Successor<K>>) -> bool {
    next.is_some_and(|next| next.in_use)
}

/// One value, or a list of the old one and the new one.
fn pair(key: &Key, old: Option<impl ToString>, new: Option<String>) -> Field<'static> {
    let value = |old: String| match new {
        None => Value::from(old),
        Some(new) => Value::from(vec![old, new]),
    };
    (key.name, old.map(|old| value(old.to_string())))
}

fn text(key: &Key, value: Option<impl ToString>) -> Field<'static> {
    (key.name, value.map(|value| Value::from(value.to_string())))
}

fn texts(key: &Key, entries: &[impl ToString]) -> Field<'static> {
    let entries: Vec<String> = entries.iter().map(ToString::to_string).collect();
    (key.name, (!entries.is_empty()).then(|| entries.into()))
}

fn yes(key: &Key, flag: bool) -> Field<'static> {
    (key.name, flag.then_some(Value::Bool(true)))
}
