//! What the inventory says of a host, a cache and a link, field by field.
//!
//! Defaults are silence: a field is there only where there is something to say.
//! The one exception is `pending`, which is written out so that people see what
//! is still to do.

use serde_json::Value;

use crate::data::Field;
use crate::fleet::format::{Key, cache as c, host as h};
use crate::fleet::{Cache, Host, Identity, LinkOverride, Protocol, SigningKey, SshdOwner, Wiring};

/// The fields of a host.
pub(super) fn of_host(host: &Host) -> Vec<Field<'static>> {
    vec![
        text(&h::MODULE, host.module.as_ref()),
        text(&h::WITHIN, host.within.as_ref()),
        text(&h::SYSTEM, host.system.as_ref()),
        text(&h::ADDRESS, host.address.as_ref()),
        (h::PORT.name, host.port.map(Value::from)),
        text(&h::PROXY_JUMP, host.proxy_jump.as_ref()),
        text(&h::HOST_KEY, host.host_key.as_ref()),
        (h::IDENTITY.name, host.identity.as_ref().map(identity)),
        texts(&h::TAGS, &host.tags),
        yes(&h::ROAMING, host.roaming),
    ]
}

/// The fields of a cache, but the links: they are tables of their own.
pub(super) fn of_cache(cache: &Cache) -> Vec<Field<'static>> {
    let own_identity = Some(&cache.identity).filter(|one| **one != Identity::HostKey);
    let protocol = Some(cache.protocol).filter(|one| *one != Protocol::Ssh);
    let wiring = (cache.wiring == Wiring::Adopted).then_some("adopted");
    vec![
        texts(&c::CLIENTS, &cache.clients),
        texts(&c::EXCEPT, &cache.except),
        yes(&c::LAN, cache.lan),
        (c::PRIORITY.name, cache.priority.map(Value::from)),
        text(&c::PROTOCOL, protocol.map(Protocol::word)),
        (h::IDENTITY.name, own_identity.map(identity)),
        text(&c::SIGNING_KEY, Some(signing_key(&cache.signing_key))),
        text(&c::SIGNING_KEY_FILE, cache.signing_key_file.as_ref()),
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

fn identity(identity: &Identity) -> Value {
    match identity {
        Identity::HostKey => Value::from("host-key"),
        Identity::File { path, key, make } => {
            let key = key
                .as_ref()
                .map_or("pending".to_owned(), ToString::to_string);
            let fields = [
                text(&h::FILE, Some(path)),
                text(&h::IDENTITY_KEY, Some(key)),
                yes(&h::MAKE, *make),
            ];
            let members = fields.into_iter();
            members
                .filter_map(|(name, value)| Some((name, value?)))
                .collect()
        }
    }
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
        SigningKey::Pending => "pending".to_owned(),
        SigningKey::Known(key) => key.to_string(),
    }
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
