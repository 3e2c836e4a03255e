//! The signing key of a cache and the file that holds its secret half.
//!
//! The name of a key is part of every signature, and where a key is made on the
//! machine its file is named after it: the two change together.

use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{Cache, SigningKey, file_beside, is_named_after, successor_name};
use crate::key::SigningPublicKey;

/// Makes this the key of the cache. A file that the machine makes follows the name of the
/// key, unless the inventory says a file of another name; one that somebody else puts there
/// stays what it is.
pub(super) fn assign(cache: &mut Cache, key: SigningPublicKey) {
    let file = cache.signing_key_file();
    let old = cache.signing_key.known().map(SigningPublicKey::name);
    let is_named_after_it = || old.is_some_and(|old| is_named_after(&file, old));
    let follows = cache.signing_key_file.is_none() || is_named_after_it();
    if follows && cache.makes_signing_key() && !is_named_after(&file, key.name()) {
        cache.signing_key_file = file_beside(&file, key.name()).or(cache.signing_key_file.take());
    }
    cache.signing_key = SigningKey::Known(key);
}

/// Refuses a key that Nix could not tell from the one whose place it takes.
pub(super) fn refuse_same_name(cache: &Cache, key: &SigningPublicKey) -> Result<(), Stop> {
    let old = cache.signing_key.known().map(SigningPublicKey::name);
    if old != Some(key.name()) {
        return Ok(());
    }
    let message = format!("the new key is called `{}` as well", key.name());
    Err(Diagnostic::error("rotation-same-name", message)
        .about(cache.host.to_string())
        .help("of two keys with one name Nix sees the first only")
        .help(format!(
            "make one that is called `{}`",
            successor_name(key.name())
        ))
        .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn file(written: Option<&str>, keys: &[&str]) -> String {
        let mut cache = Cache::of("kalaw".parse().unwrap());
        cache.signing_key_file = written.map(|file| file.parse().unwrap());
        for name in keys {
            let key = format!("{name}:6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=");
            assign(&mut cache, key.parse().unwrap());
        }
        cache.signing_key_file().to_string()
    }

    #[test]
    fn the_file_follows_the_name_of_the_key() {
        assert_eq!(file(None, &["kalaw-1"]), "/var/lib/larder/kalaw-1.secret");
        assert_eq!(file(None, &["kalaw-2"]), "/var/lib/larder/kalaw-2.secret");
        assert_eq!(
            file(None, &["kalaw-1", "kalaw-2"]),
            "/var/lib/larder/kalaw-2.secret"
        );
        assert_eq!(
            file(Some("/persist/larder/kalaw-1"), &["kalaw-1", "kalaw-2"]),
            "/persist/larder/kalaw-2.secret"
        );
    }

    #[test]
    fn a_file_of_another_name_stays() {
        assert_eq!(
            file(Some("/keys/kalaw-1"), &["kalaw-1", "kalaw-2"]),
            "/keys/kalaw-1"
        );
        assert_eq!(
            file(Some("/run/agenix/cache-key"), &["kalaw-1", "kalaw-2"]),
            "/run/agenix/cache-key"
        );
        assert_eq!(file(None, &["odd/name"]), "/var/lib/larder/kalaw-1.secret");
    }
}
