//! Two keys do the work of one: a change of keys was begun and not finished.
//!
//! A key that the inventory lists beside the one that takes its place; in wiring by hand a
//! cache that signs with two keys, a client that trusts two keys of one cache or
//! expects two host keys of it, two keys of one client that may log in.
//!
//! ## Why is this bad
//! While keys are changed there are two, so that nothing stops working. As long as
//! the old one stays, whoever has it is still let in or believed, which is what the
//! change was for.
//!
//! ## Example
//! ```nix
//! nix.settings.trusted-public-keys = [ "kalaw-1:…" "kalaw-2:…" ];
//! ```
//!
//! ## What to do
//! Go on with the next step: `larder rotate` says which. By hand, signing key: all clients trust the new one, the cache
//! signs with it, `nix store sign --all` has run, then the old one goes on both
//! sides. Host key and client key: the machine has the new one, then the old one
//! goes.

use std::collections::HashMap;

use crate::diagnostic::Severity;
use crate::fleet::{Cache, Host, KeyKind, Rotation, SigningKey};
use crate::key::{AuthorizedKey, PublicKey, SigningPublicKey};
use crate::lint::check::StaticCheck;
use crate::lint::context::{CacheContext, Context, LinkContext};
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;
use crate::survey::Word;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Fleet(unfinished)],
    evaluated_half: &[],
};

/// What is said of the second of two keys.
const BESIDE: &str = "beside another one";

fn unfinished(context: &Context<'_>) -> Vec<Violation> {
    let listed_keys = context.fleet.rotations();
    let listed_keys = listed_keys.iter().filter_map(|one| of_inventory(context, one));
    let signing = context.caches().filter_map(|cache| signs(&cache));
    let mut listed = HashMap::new();
    let links = context.links().flat_map(|link| {
        let list = || authorised(&link);
        let keys = listed.entry(&link.cache.host).or_insert_with(list);
        let found = [trusts(&link), expects(&link), authorises(&link, keys)];
        found.into_iter().flatten().collect::<Vec<_>>()
    });
    listed_keys.chain(signing).chain(links).collect()
}

/// What the inventory says is pointed at there.
fn of_inventory(context: &Context<'_>, rotation: &Rotation) -> Option<Violation> {
    const NOTE: &str = "the old one, and the new one";
    let fleet = context.fleet;
    let (kind, name) = (rotation.kind, &rotation.name);
    let message = format!("the {kind} of `{name}` is being changed");
    let violation = match kind {
        KeyKind::Signing | KeyKind::SharedIdentity => {
            let cache = fleet.caches.get(name)?;
            Violation::new(Subject::cache(cache).part(kind.verb()), message)
                .at_key_of_cache(fleet, cache, kind.verb(), NOTE)
        }
        KeyKind::HostKey | KeyKind::Identity => {
            let host = fleet.hosts.get(name)?;
            Violation::new(Subject::host(host).part(kind.verb()), message)
                .at_key_of_host(fleet, host, kind.verb(), NOTE)
        }
    };
    let command = rotation.command();
    Some(violation.help(format!("go on with `{command}`, or back with `--abort`")))
}

fn signs(cache: &CacheContext<'_>) -> Option<Violation> {
    let mut files = cache.machine()?.nix_words("nix.settings.secret-key-files");
    files.dedup_by(|a, b| a.text == b.text);
    let [_, second, ..] = files.as_slice() else {
        return None;
    };
    let name = &cache.host;
    let message = format!("`{name}` signs with two keys");
    let violation = Violation::new(Subject::cache(cache).part("signs"), message)
        .at_spot(&second.spot, BESIDE)
        .help("when its clients trust the new one and `nix store sign --all` has run with it, delete the old one");
    Some(violation)
}

fn trusts(link: &LinkContext<'_>) -> Option<Violation> {
    let words = link.machine()?.trusted_keys();
    let mut keys: Vec<(Word, SigningPublicKey)> = words
        .into_iter()
        .filter_map(|word| word.text.parse().ok().map(|key| (word, key)))
        .filter(|(_, key)| is_of(link.cache, key))
        .collect();
    keys.dedup_by(|a, b| a.1 == b.1);
    let [_, (second, _), ..] = keys.as_slice() else {
        return None;
    };
    let (client, cache) = (&link.client.name, &link.cache.host);
    let message = format!("`{client}` trusts two signing keys of `{cache}`");
    let violation = Violation::new(Subject::link(link).part("trusts"), message)
        .at_spot(&second.spot, BESIDE)
        .help(format!(
            "when `{cache}` signs with the new one only, delete the old one"
        ));
    Some(violation)
}

/// `kalaw-1` and `kalaw-2` are keys of `kalaw`, as is a key with the stem of the one that
/// the inventory has.
fn is_of(cache: &Cache, key: &SigningPublicKey) -> bool {
    let ours = match &cache.signing_key {
        SigningKey::Known(known) => stem(known.name()),
        SigningKey::Pending => cache.host.as_str(),
    };
    stem(key.name()) == ours
}

fn stem(name: &str) -> &str {
    match name.rsplit_once('-') {
        Some((stem, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => stem,
        _ => name,
    }
}

fn expects(link: &LinkContext<'_>) -> Option<Violation> {
    let pins = link.machine()?.pins().into_iter();
    let ours = pins.filter(|pin| pin.is_for(link.address.as_str(), link.port));
    let keys: Vec<_> = ours.filter_map(|pin| Some((pin.key?, pin.spot))).collect();
    let (second, spot) = keys.iter().enumerate().find_map(|(number, (key, spot))| {
        let first = keys[..number].iter().any(|(it, _)| is_other(it, key));
        first.then_some((key, spot))
    })?;
    let (client, cache) = (&link.client.name, &link.cache.host);
    let kind = second.algorithm().name();
    let message = format!("`{client}` expects two host keys of `{cache}`");
    let violation = Violation::new(Subject::link(link).part("expects"), message)
        .at_spot(spot, format!("a second `{kind}`"))
        .help(format!(
            "when `{cache}` has the new one, delete the old one"
        ));
    Some(violation)
}

/// A host has one key of each type.
fn is_other(one: &PublicKey, other: &PublicKey) -> bool {
    one.algorithm() == other.algorithm() && one != other
}

/// The keys that may log in to a cache.
fn authorised(link: &LinkContext<'_>) -> Vec<(Word, PublicKey)> {
    let machine = link.server_machine();
    let words = machine.map(|machine| machine.words("nix.sshServe.keys"));
    let key = |word: &Word| Some(word.text.parse::<AuthorizedKey>().ok()?.key);
    let words = words.into_iter().flatten();
    words
        .filter_map(|word| key(&word).map(|key| (word, key)))
        .collect()
}

fn authorises(link: &LinkContext<'_>, keys: &[(Word, PublicKey)]) -> Option<Violation> {
    let ours = keys
        .iter()
        .filter(|(_, key)| is_named_for(key, link.client));
    let mut ours: Vec<_> = ours.collect();
    ours.dedup_by(|a, b| a.1 == b.1);
    let [_, (second, _), ..] = ours.as_slice() else {
        return None;
    };
    let (client, cache) = (&link.client.name, &link.cache.host);
    let message = format!("two keys of `{client}` may log in to `{cache}`");
    let violation = Violation::new(Subject::link(link).part("authorises"), message)
        .at_spot(&second.spot, BESIDE)
        .help(format!(
            "when `{client}` has the new one, delete the old one"
        ));
    Some(violation)
}

/// Root's key of that machine, by its comment: `root@pai`. People have several keys
/// on one machine, root has one.
fn is_named_for(key: &PublicKey, client: &Host) -> bool {
    let comment = key.comment().and_then(|comment| comment.split_once('@'));
    comment.is_some_and(|(user, host)| user == "root" && host == client.name.as_str())
}
