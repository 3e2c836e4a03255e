//! What a cache has by the name of its host while the inventory is silent: such a value
//! is written out when the host gets another name.

use crate::data::{TomlEdit, Uneditable};
use crate::fleet::format::{cache as c, host as h};
use crate::fleet::{Cache, Host, HostName};

/// What is written behind such a value, so that it can be taken out again.
const FORMER_NAME: &str = "by its former name";

/// A value that a host or its cache has by its name.
pub(super) struct ByName {
    kind: &'static str,
    key: &'static str,
    /// By the old name, if the inventory is silent.
    old: Option<String>,
    /// By the new name.
    new: String,
}

impl ByName {
    /// Those of a cache and its host, which is to get this name.
    pub(super) fn of(host: &Host, cache: &Cache, new: &HostName) -> [Self; 2] {
        let address = Self {
            kind: "hosts",
            key: h::ADDRESS.name,
            old: host.address.is_none().then(|| host.address().to_string()),
            new: new.to_string(),
        };
        let is_silent = cache.signing_key_file.is_none();
        let file = Self {
            kind: "caches",
            key: c::SIGNING_KEY_FILE.name,
            old: is_silent.then(|| cache.signing_key_file().to_string()),
            new: Cache::of(new.clone()).signing_key_file().to_string(),
        };
        [address, file]
    }

    /// Takes out what was written for a former name, which the host gets again.
    pub(super) fn take_out(&self, edit: &mut TomlEdit, host: &HostName) -> Result<(), Uneditable> {
        edit.remove_commented(&[self.kind, host, self.key], &self.new, FORMER_NAME)
    }

    /// Writes out what the host had by its old name.
    pub(super) fn write(&self, edit: &mut TomlEdit, host: &HostName) -> Result<(), Uneditable> {
        let Some(old) = self.old.as_ref().filter(|old| **old != self.new) else {
            return Ok(());
        };
        let field = (self.key, Some(old.as_str().into()));
        edit.set_table(&[self.kind, host], &[], &[field])?;
        edit.comment(&[self.kind, host, self.key], FORMER_NAME)
    }
}
