//! A key, or the old key and the new one in a list, while one takes the place of the other.

use std::fmt::Display;
use std::str::FromStr;

use toml_edit::{Array, Item};

use super::section::Section;
use crate::fleet::format::Key;
use crate::fleet::{SecretFile, Successor};

/// What stands for a key that the machine has still to make.
const PENDING: &str = "pending";

/// The old key, or the only one, and the new one.
pub(super) type Keys<K> = (Option<K>, Option<Successor<K>>);

impl Section<'_, '_> {
    /// The key, or the two keys, of a table; `flag` says that the new one is in use. A key
    /// alone may be `pending` if `may_wait`.
    pub(super) fn keys<K>(&mut self, key: &Key, flag: &Key, may_wait: bool) -> Keys<K>
    where
        K: FromStr<Err: Display> + PartialEq,
    {
        let in_use = self.flag(flag).unwrap_or_default();
        let list = self.get(key).and_then(Item::as_array);
        let (old, next) = match list {
            Some(list) => self.two_keys(key, list),
            None if may_wait && self.is_word(key, PENDING) => (None, None),
            None => (self.parsed(key), None),
        };
        if in_use && next.as_ref().is_none_or(|next| next.key.is_none()) && old.is_some() {
            self.refuse_flag(key, flag);
        }
        (old, next.map(|next| Successor { in_use, ..next }))
    }

    /// The file of a key, or the files of the old one and the new one.
    pub(super) fn files(&mut self, key: &Key) -> (Option<SecretFile>, Option<SecretFile>) {
        let Some(list) = self.get(key).and_then(Item::as_array) else {
            return (self.parsed(key), None);
        };
        let is_pair = list.len() == 2;
        if !is_pair {
            self.unusable(key, &"a list has two: the old file and the new one", None);
        }
        let mut files = self.texts(key).into_iter().map(|(file, _)| file);
        (files.next(), files.next())
    }

    /// The machine would make a key that a secret manager brings.
    pub(super) fn refuse_made_secret(&mut self, flag: &Key, file: Option<&SecretFile>) {
        let Some(secret) = file.and_then(SecretFile::managed) else {
            return;
        };
        let message = format!(
            "`{}` is true, and `{secret}` comes from elsewhere",
            self.path_of(flag.name)
        );
        let help = format!("take `{}` out", flag.name);
        self.refuse_reference(self.at(flag), "inventory-value", message, help);
    }

    fn two_keys<K>(&mut self, key: &Key, list: &Array) -> Keys<K>
    where
        K: FromStr<Err: Display> + PartialEq,
    {
        let (Some(old), Some(new), 2) = (list.get(0), list.get(1), list.len()) else {
            self.unusable(key, &"a list has two: the old key and the new one", None);
            return (None, None);
        };
        let Some(old) = self.item(key, old) else {
            return (None, None);
        };
        if new.as_str() == Some(PENDING) {
            return (Some(old), Some(Successor::pending()));
        }
        match self.item(key, new) {
            Some(new) if new == old => {
                self.unusable(key, &"the new key is the old one", None);
                (Some(old), None)
            }
            new => (Some(old), new.map(Successor::known)),
        }
    }

    fn item<K: FromStr<Err: Display>>(&mut self, key: &Key, value: &toml_edit::Value) -> Option<K> {
        let Some((text, at)) = value.as_str().zip(value.span()) else {
            self.wrong_entry(key, value);
            return None;
        };
        match text.parse() {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                self.unusable_entry(key, at, &error);
                None
            }
        }
    }

    fn refuse_flag(&mut self, key: &Key, flag: &Key) {
        let message = format!(
            "`{}` is true, and `{}` has no new key",
            self.path_of(flag.name),
            key.name
        );
        let help = format!("take `{}` out", flag.name);
        self.refuse_reference(self.at(flag), "inventory-value", message, help);
    }
}
