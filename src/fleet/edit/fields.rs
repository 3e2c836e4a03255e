//! What the inventory says of a host, a cache and a link, field by field.
//!
//! Defaults are silence: a field is there only where there is something to say.
//! The one exception is `pending`, which is written out so that people see what
//! is still to do.

use super::value::{Field, Value};
use crate::fleet::format::{cache as c, host as h};
use crate::fleet::{Cache, Host, Identity, LinkOverride, Protocol, SigningKey, Wiring};

pub(super) fn of_host(host: &Host) -> Vec<Field> {
    vec![
        (&h::MODULE, host.module.as_ref().map(Value::text)),
        (&h::WITHIN, host.within.as_ref().map(Value::text)),
        (&h::SYSTEM, host.system.as_ref().map(Value::text)),
        (&h::ADDRESS, host.address.as_ref().map(Value::text)),
        (&h::PORT, host.port.map(Value::Number)),
        (&h::PROXY_JUMP, host.proxy_jump.as_ref().map(Value::text)),
        (&h::HOST_KEY, host.host_key.as_ref().map(Value::text)),
        (&h::IDENTITY, host.identity.as_ref().map(identity)),
        (&h::TAGS, Value::list(&host.tags)),
        (&h::ROAMING, yes(host.roaming)),
    ]
}

/// All but the links, which are tables of their own.
pub(super) fn of_cache(cache: &Cache) -> Vec<Field> {
    let own_identity = Some(&cache.identity).filter(|one| **one != Identity::HostKey);
    let protocol = Some(cache.protocol).filter(|one| *one != Protocol::Ssh);
    let wiring = (cache.wiring == Wiring::Adopted).then(|| Value::text("adopted"));
    let file = cache.signing_key_file.as_ref();
    vec![
        (&c::CLIENTS, Value::list(&cache.clients)),
        (&c::EXCEPT, Value::list(&cache.except)),
        (&c::LAN, yes(cache.lan)),
        (&c::PRIORITY, cache.priority.map(Value::Number)),
        (&c::PROTOCOL, protocol.map(|one| Value::text(one.word()))),
        (&h::IDENTITY, own_identity.map(identity)),
        (&c::SIGNING_KEY, Some(signing_key(&cache.signing_key))),
        (&c::SIGNING_KEY_FILE, file.map(Value::text)),
        (&c::ENABLE_SSHD, yes(cache.enable_sshd)),
        (&c::WIRING, wiring),
    ]
}

pub(super) fn of_link(link: &LinkOverride) -> Vec<Field> {
    vec![
        (&h::ADDRESS, link.address.as_ref().map(Value::text)),
        (&h::PORT, link.port.map(Value::Number)),
        (&h::PROXY_JUMP, link.proxy_jump.as_ref().map(Value::text)),
        (
            &c::LAN,
            link.lan.map(|lan| if lan { Value::Yes } else { Value::No }),
        ),
        (&c::PRIORITY, link.priority.map(Value::Number)),
    ]
}

fn identity(identity: &Identity) -> Value {
    match identity {
        Identity::HostKey => Value::text("host-key"),
        Identity::File { path, key, make } => {
            let key = key
                .as_ref()
                .map_or("pending".to_owned(), ToString::to_string);
            Value::Table(vec![
                (&h::FILE, Some(Value::text(path))),
                (&h::IDENTITY_KEY, Some(Value::Text(key))),
                (&h::MAKE, yes(*make)),
            ])
        }
    }
}

fn signing_key(key: &SigningKey) -> Value {
    match key {
        SigningKey::Pending => Value::text("pending"),
        SigningKey::Known(key) => Value::text(key),
    }
}

fn yes(flag: bool) -> Option<Value> {
    flag.then_some(Value::Yes)
}
