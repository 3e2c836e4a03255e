//! What a switch is for where keys are others: of clients, of caches, and of the host itself.

use super::names;
use super::role::{NextKey, Role, Serving};
use crate::fleet::HostName;
use crate::key::PublicKey;

/// Whom a cache lets in, or shuts out, after a change of their keys.
pub(super) fn of_clients(was: &Serving, is: &Serving) -> Vec<String> {
    let none: &[PublicKey] = &[];
    let of = |serving: &Serving, name: &HostName| -> Vec<PublicKey> {
        let keys = serving.lets_in.get(name).map_or(none, Vec::as_slice);
        keys.to_vec()
    };
    let differs = |a: &Serving, b: &Serving, name: &HostName| {
        let other = of(b, name);
        of(a, name).iter().any(|key| !other.contains(key))
    };
    let is_let_in = |name: &&HostName| differs(is, was, name);
    let new = names(is.lets_in.keys().filter(is_let_in));
    let gone: Vec<&HostName> = was
        .lets_in
        .keys()
        .filter(|name| !is.lets_in.contains_key(*name))
        .collect();
    // One that is let in with another key is in the list above.
    let is_less = |name: &&HostName| {
        is.lets_in.contains_key(*name) && differs(was, is, name) && !differs(is, was, name)
    };
    let less = names(was.lets_in.keys().filter(is_less));
    let whose = if gone.len() == 1 {
        "key opens"
    } else {
        "keys open"
    };
    let mut why = Vec::new();
    if !new.is_empty() {
        why.push(format!("to let {new} in"));
    }
    if !gone.is_empty() {
        let gone = names(gone);
        why.push(format!("to shut {gone} out, whose {whose} it until then"));
    }
    if !less.is_empty() {
        why.push(format!("to take one key of {less} out"));
    }
    why
}

/// A cache that signs with other keys.
pub(super) fn signing(was: &Serving, is: &Serving) -> Option<String> {
    if was.signs_with == is.signs_with {
        return None;
    }
    let why = match (was.signs_with.as_slice(), is.signs_with.as_slice()) {
        ([_], [_, _]) => "to sign with the new key as well",
        ([_, _], [_]) => "to sign with one key again",
        _ => "for its new settings",
    };
    Some(why.to_owned())
}

/// A host that makes or uses another key of its own.
pub(super) fn purpose(was: &Role, is: &Role) -> Option<String> {
    let kinds = ["host key", "key for logins at caches"];
    let each = kinds.into_iter().zip(was.changes.iter().zip(&is.changes));
    let why = each.filter_map(|(kind, (was, is))| {
        let what = match (was, is) {
            (None, Some(NextKey::Makes)) => "make its new",
            (Some(NextKey::Makes), None) => "make no new",
            (Some(NextKey::InUse), Some(NextKey::InUse)) => return None,
            (_, Some(NextKey::InUse)) => "use its new",
            (Some(NextKey::InUse), Some(_)) => "use its old",
            _ => return None,
        };
        Some(format!("to {what} {kind}"))
    });
    let why: Vec<String> = why.collect();
    (!why.is_empty()).then(|| why.join(", and "))
}

/// What a client knows anew of the caches that it uses: `changed` names them.
pub(super) fn of_caches(was: &Role, is: &Role, changed: &str) -> String {
    let mut pins = false;
    let mut signing = false;
    let mut others = false;
    let shared = is
        .uses
        .iter()
        .filter_map(|(name, is)| Some((was.uses.get(name)?, is)));
    for (was, is) in shared {
        pins |= was.host_keys != is.host_keys;
        signing |= was.signing_keys != is.signing_keys;
        others |= was.without_keys() != is.without_keys();
    }
    let elsewhere = is.fetches.iter();
    let elsewhere = elsewhere.filter_map(|(name, is)| Some((was.fetches.get(name)?, is)));
    for (was, is) in elsewhere {
        signing |= was.signing_keys != is.signing_keys;
        others |= was.without_keys() != is.without_keys();
    }
    let what = match (pins, signing, others) {
        (true, false, false) => "to pin the host keys",
        (false, true, false) => "to trust the signing keys",
        (true, true, false) => "for the keys",
        _ => "for the new settings",
    };
    format!("{what} of {changed}")
}
