//! The signing keys of a cache: their names, and the files of their secret halves.
//!
//! The name of a key is part of every signature, and of two trusted keys with one name Nix
//! sees the first only: a key that takes the place of another has a name of its own.

use super::{AbsolutePath, Cache, ManagedSecret, SecretFile, SecretManager};
use crate::key::SigningPublicKey;

impl Cache {
    /// Where the secret half of the signing key lies on the serving host.
    ///
    /// # Panics
    /// Never: the default of every host name is an absolute path.
    pub fn signing_key_file(&self) -> SecretFile {
        self.signing_key_file.clone().unwrap_or_else(|| {
            format!("/var/lib/larder/{}-1.secret", self.host)
                .parse()
                .expect("a host name is good as a part of a path")
        })
    }

    /// The path of [`Cache::signing_key_file`] on the serving host; of a secret the usual one.
    pub fn signing_key_path(&self) -> AbsolutePath {
        self.signing_key_file().path(&self.host)
    }

    /// What makes the key on the serving host, where no machine makes it by itself.
    pub fn signing_key_command(&self) -> String {
        let (name, secret) = (&self.host, self.signing_key_path());
        let folder = secret.rsplit_once('/').map_or("/", |(folder, _)| folder);
        let public = public_file_beside(&secret);
        format!(
            "sudo mkdir -p {folder} && \
             sudo nix-store --generate-binary-cache-key {name}-1 {secret} {public}"
        )
    }

    /// Where the secret half of the next key lies; `None`: the key does not change, or
    /// nobody has said where.
    pub fn next_signing_key_file(&self) -> Option<SecretFile> {
        let name = self.next_signing_key_name()?;
        let made = || file_beside(&self.signing_key_file(), &name);
        let is_made = self.makes_signing_key();
        let said = self.next_signing_key_file.clone();
        said.or_else(|| is_made.then(made).flatten())
    }

    /// The path of [`Cache::next_signing_key_file`] on the serving host; of a secret the usual
    /// one.
    pub fn next_signing_key_path(&self) -> Option<AbsolutePath> {
        Some(self.next_signing_key_file()?.path(&self.host))
    }

    /// The files of the secret halves with which the cache signs, the old one first.
    ///
    /// A file that the cache does not make is named once its public half is known: a build
    /// fails where a file that is named is missing.
    pub fn signing_key_files(&self) -> Vec<SecretFile> {
        let next = self.next_signing_key.as_ref();
        let is_there = next.is_some_and(|next| self.makes_signing_key() || next.key.is_some());
        let next = is_there.then(|| self.next_signing_key_file()).flatten();
        [self.signing_key_file()].into_iter().chain(next).collect()
    }

    /// True if the serving host makes the secret half where it is missing; else somebody
    /// puts it there: by hand, or with agenix, sops or clan.
    pub fn makes_signing_key(&self) -> bool {
        // An inventory without a word means what it meant to larder 0.1, which went by the
        // name of the folder.
        let is_in_own_folder = |file: &AbsolutePath| {
            let folder = file.rsplit('/').nth(1);
            folder == Some("larder")
        };
        let by_file = || match &self.signing_key_file {
            None => true,
            Some(SecretFile::Path(path)) => is_in_own_folder(path),
            Some(SecretFile::Managed(_)) => false,
        };
        self.make_signing_key.unwrap_or_else(by_file)
    }

    /// The name of its signing key, which is a part of every signature: that of the key
    /// that is known, else the one with which the host makes it.
    pub fn signing_key_name(&self) -> String {
        let known = self.signing_key.known();
        known.map_or_else(|| self.name_to_make(), |key| key.name().to_owned())
    }

    /// The name of the key that takes its place; `None`: the key does not change.
    pub fn next_signing_key_name(&self) -> Option<String> {
        let next = self.next_signing_key.as_ref()?;
        let known = next.key.as_ref().map(|key| key.name().to_owned());
        Some(known.unwrap_or_else(|| successor_name(&self.signing_key_name())))
    }

    /// The public halves by which clients know what the cache has built. While the key
    /// changes there are two, until they go by the new one.
    pub fn trusted_keys(&self) -> Vec<&SigningPublicKey> {
        let next = self.next_signing_key.as_ref();
        let is_old_gone = next.is_some_and(|next| next.in_use);
        let old = self.signing_key.known().filter(|_| !is_old_gone);
        let next = next.and_then(|next| next.key.as_ref());
        old.into_iter().chain(next).collect()
    }

    /// The public halves that are known: the key, and the one that takes its place.
    pub fn signing_keys(&self) -> impl Iterator<Item = &SigningPublicKey> {
        let next = self.next_signing_key.as_ref();
        let next = next.and_then(|next| next.key.as_ref());
        self.signing_key.known().into_iter().chain(next)
    }

    /// True if this is its key, or the one that takes its place.
    pub fn has_signing_key(&self, key: &SigningPublicKey) -> bool {
        self.signing_keys().any(|own| own == key)
    }

    /// True if Nix on the serving host may be told of the file: a build fails where a
    /// file that is named is missing.
    pub fn has_signing_key_file(&self) -> bool {
        self.makes_signing_key() || self.signing_key.known().is_some()
    }

    /// A pending key is called after its file, where that names a key of this host
    /// (`kalaw-2.secret`).
    fn name_to_make(&self) -> String {
        let file = self.signing_key_path();
        let stem = file.rsplit('/').next().unwrap_or_default();
        let stem = stem.strip_suffix(".secret").unwrap_or_default();
        let number = stem.strip_prefix(self.host.as_str());
        let number = number.and_then(|rest| rest.strip_prefix('-'));
        match number {
            Some(number) if is_number(number) => stem.to_owned(),
            _ => format!("{}-1", self.host),
        }
    }
}

/// The file of a signing key's public half, beside the secret one, as `serve.nix` makes it.
#[must_use]
pub fn public_file_beside(secret: &str) -> String {
    let stem = secret.strip_suffix(".secret").unwrap_or(secret);
    format!("{stem}.public")
}

/// The name of the key after one of this name: `kalaw-2` after `kalaw-1`.
pub fn successor_name(name: &str) -> String {
    let numbered = name.rsplit_once('-');
    let number = numbered.and_then(|(stem, number)| {
        let next = number.parse::<u64>().ok()?.checked_add(1)?;
        is_number(number).then_some((stem, next))
    });
    match number {
        Some((stem, next)) => format!("{stem}-{next}"),
        None => format!("{name}-2"),
    }
}

/// True if the file is called after a key.
pub fn is_named_after(file: &SecretFile, key: &str) -> bool {
    let Some(file) = file.written_path() else {
        return false;
    };
    let name = file.rsplit('/').next().unwrap_or_default();
    name.strip_suffix(".secret").unwrap_or(name) == key
}

/// The file of a key of this name, in the same folder; `None`: a secret manager puts it there.
pub fn file_beside(file: &SecretFile, key: &str) -> Option<SecretFile> {
    let (folder, _) = file.written_path()?.rsplit_once('/')?;
    let is_one_name = !key.contains('/');
    let path = is_one_name.then(|| format!("{folder}/{key}.secret"))?;
    path.parse().ok()
}

/// The secret for a key that takes the place of another, by the names of the two keys.
pub fn successor_secret(secret: &ManagedSecret, old: &str, new: &str) -> Option<ManagedSecret> {
    let (manager, name) = (secret.manager(), secret.name());
    let (stem, file) = match (manager, name.split_once('/')) {
        (SecretManager::Clan, Some((generator, file))) => (generator, format!("/{file}")),
        _ => (name, String::new()),
    };
    let name = match stem.strip_suffix(old) {
        Some(front) if !new.contains('/') => format!("{front}{new}"),
        _ => successor_name(stem),
    };
    manager.secret(&format!("{name}{file}"))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_has_another_name() {
        assert_eq!(successor_name("kalaw-1"), "kalaw-2");
        assert_eq!(successor_name("kalaw-9"), "kalaw-10");
        assert_eq!(successor_name("kalaw.fritz.box"), "kalaw.fritz.box-2");
        assert_eq!(successor_name("cache-main"), "cache-main-2");
        assert_eq!(successor_name("kalaw-"), "kalaw--2");
        assert_eq!(
            successor_name("kalaw-99999999999999999999"),
            "kalaw-99999999999999999999-2"
        );
    }

    #[test]
    fn a_pending_key_is_called_after_its_file() {
        let mut cache = Cache::of("kalaw".parse().unwrap());
        assert_eq!(cache.signing_key_name(), "kalaw-1");
        for (file, name) in [
            ("/var/lib/larder/kalaw-2.secret", "kalaw-2"),
            ("/var/lib/larder/bagan-2.secret", "kalaw-1"),
            ("/persist/kalaw-old.secret", "kalaw-1"),
            ("/run/agenix/kalaw-2", "kalaw-1"),
        ] {
            cache.signing_key_file = Some(file.parse().unwrap());
            assert_eq!(cache.signing_key_name(), name, "{file}");
        }
    }

    #[test]
    fn a_new_key_has_a_secret_of_its_own() {
        for (old, new) in [
            ("agenix:kalaw-1", "agenix:kalaw-2"),
            ("sops:cache/kalaw-1", "sops:cache/kalaw-2"),
            ("sops:signing", "sops:signing-2"),
            ("clan:kalaw-1/secret", "clan:kalaw-2/secret"),
            ("clan:nix-key/secret", "clan:nix-key-2/secret"),
        ] {
            let next = successor_secret(&old.parse().unwrap(), "kalaw-1", "kalaw-2");
            assert_eq!(next.unwrap().to_string(), new);
        }
        let odd = successor_secret(&"agenix:a-1".parse().unwrap(), "a-1", "x/y");
        assert_eq!(odd.unwrap().name(), "a-2");
    }
}
