//! Edits of the inventory: which tables and values change in `larder.toml`.
//!
//! The editor compares the fleet that the text means with the one that it is to mean,
//! and touches the values that differ and nothing else. How a value is written into the
//! text, and what goes with one that is removed, is [`TomlEdit`]'s.

mod by_name;
mod fields;

use std::collections::BTreeMap;

use crate::data::Field;
use crate::data::{Segment, TomlEdit, Uneditable};
use crate::diagnostic::{Diagnostic, Source};

use crate::nix::AttrPath;

use self::by_name::ByName;
use super::format::top;
use super::inventory::read_leniently;
use super::{Cache, ExternalCache, Fleet, Host, HostName, INVENTORY, JumpHost, read};

/// An inventory while it is edited.
///
/// Every method leaves a text that can be read again, or returns an error and
/// leaves the text as it was.
#[derive(Debug, Clone)]
pub struct InventoryEditor {
    /// What the text means; after a change, only when somebody asks for it again.
    fleet: Fleet,
    /// The text as it is now, as a tree; from the first change on.
    edit: Option<TomlEdit>,
    is_changed: bool,
}

impl InventoryEditor {
    /// A new inventory without hosts.
    pub fn new() -> Self {
        let text = "version = 1\n";
        Self::of(&read_leniently(&Source::new(INVENTORY, text)).0)
    }

    /// The inventory of which this is what it means.
    pub fn of(fleet: &Fleet) -> Self {
        Self {
            fleet: fleet.clone(),
            edit: None,
            is_changed: false,
        }
    }

    /// The inventory of a text.
    ///
    /// # Errors
    /// As [`read`]: a text with mistakes is not edited.
    pub fn open(source: &Source) -> Result<Self, Vec<Diagnostic>> {
        Ok(Self::of(&read(source)?))
    }

    /// The text as it is now.
    pub fn text(&self) -> &str {
        match &self.edit {
            Some(edit) => edit.text(),
            None => &self.fleet.source.text,
        }
    }

    /// What the text means as it is now.
    fn fleet(&mut self) -> &Fleet {
        if std::mem::take(&mut self.is_changed) {
            let text = self.text().to_owned();
            self.read_again(&text);
        }
        &self.fleet
    }

    fn read_again(&mut self, text: &str) {
        let source = Source::new(self.fleet.source.path.clone(), text);
        self.fleet = read_leniently(&source).0;
    }

    /// Makes the inventory say exactly this of a host: values that are already
    /// so stay as they are written, the others are changed, added or removed.
    ///
    /// # Errors
    /// When the text has a form in which the change cannot be made.
    pub fn set_host(&mut self, host: &Host) -> Result<(), Diagnostic> {
        let path = ["hosts", host.name.as_str()];
        let old = self.fleet().hosts.get(&host.name).map(fields::of_host);
        self.set(&path, old, &fields::of_host(host))
    }

    /// [`InventoryEditor::set_host`] for many, in one go where they are new.
    ///
    /// # Errors
    /// As [`InventoryEditor::set_host`].
    pub fn set_hosts(&mut self, hosts: &[Host]) -> Result<(), Diagnostic> {
        let fleet = self.fleet();
        let is_known = |host: &&Host| fleet.hosts.contains_key(&host.name);
        let (known, new): (Vec<&Host>, Vec<&Host>) = hosts.iter().partition(is_known);
        let tables: Vec<_> = new
            .iter()
            .map(|host| (host.name.as_str(), fields::of_host(host)))
            .collect();
        if !tables.is_empty() {
            self.change(&["hosts"], |edit| edit.add_tables("hosts", &tables))?;
        }
        known.into_iter().try_for_each(|host| self.set_host(host))
    }

    /// Takes a host away: its own table, its links, and its name in the lists of
    /// clients and exceptions. Nothing happens if there is no such host.
    ///
    /// # Errors
    /// When the host serves a cache, or the text has a form in which the change
    /// cannot be made.
    pub fn remove_host(&mut self, name: &HostName) -> Result<(), Diagnostic> {
        let fleet = self.fleet();
        if let Some(cache) = fleet.caches.get(name) {
            let message = format!("`{name}` serves a cache");
            let problem = Diagnostic::error("host-serves-cache", message)
                .at(&fleet.source, cache.range.clone(), "this cache")
                .about(name.as_str())
                .help(format!("run `larder remove-cache {name}` first"));
            return Err(problem);
        }
        let caches = cache_names(fleet);
        self.change(&["hosts", name], |edit| {
            for cache in &caches {
                edit.remove_item(&["caches", cache, "clients"], name)?;
                edit.remove_item(&["caches", cache, "except"], name)?;
                edit.remove(&["caches", cache, "link", name])?;
            }
            edit.remove(&["hosts", name])
        })
    }

    /// Gives a host another name: its table, that of its cache, its links, and its name in
    /// the lists of clients, of exceptions and of allowances. What else it says stays.
    ///
    /// What was given by the old name and is not to change with it is written out: the
    /// address of a cache, and the file of its signing key. A name that comes back takes
    /// that away again: then the text without it comes back, before all else is changed.
    ///
    /// # Errors
    /// When the text has a form in which the change cannot be made.
    pub fn rename_host(
        &mut self,
        old: &HostName,
        new: &HostName,
    ) -> Result<Option<String>, Diagnostic> {
        let fleet = self.fleet();
        let Some(host) = fleet.hosts.get(old) else {
            return Ok(None);
        };
        let caches = cache_names(fleet);
        let defaults = fleet.caches.get(old);
        let defaults = defaults.map(|cache| ByName::of(host, cache, new));
        let allowed = fleet.allowances.iter().enumerate();
        let allowed = allowed.filter(|(_, one)| one.at.as_deref() == Some(old));
        let allowed: Vec<usize> = allowed.map(|(at, _)| at).collect();
        let defaults = defaults.into_iter().flatten().collect::<Vec<_>>();
        let before = self.text().to_owned();
        let mut without = before.clone();
        self.change(&["hosts", old], |edit| {
            for one in &defaults {
                one.take_out(edit, old)?;
            }
            edit.text().clone_into(&mut without);
            for cache in &caches {
                edit.rename_item(&["caches", cache, "clients"], old, new)?;
                edit.rename_item(&["caches", cache, "except"], old, new)?;
                edit.rename(&["caches", cache, "link", old], new)?;
            }
            for at in allowed {
                let place = [
                    Segment::key("lint"),
                    Segment::key("allow"),
                    Segment::Index(at),
                ];
                edit.set_text(&[&place[..], &[Segment::key("at")]].concat(), new)?;
            }
            edit.rename(&["hosts", old], new)?;
            edit.rename(&["caches", old], new)?;
            defaults.iter().try_for_each(|one| one.write(edit, new))
        })?;
        Ok((without != before).then_some(without))
    }

    /// Gives the module of a host another path.
    ///
    /// # Errors
    /// As [`InventoryEditor::set_host`].
    pub fn move_module(&mut self, host: &HostName, module: &str) -> Result<(), Diagnostic> {
        let path = ["hosts", host, "module"];
        self.change(&path, |edit| edit.set_text(&path.map(Segment::key), module))
    }

    /// Gives the module of a host another place in its file.
    ///
    /// # Errors
    /// As [`InventoryEditor::set_host`].
    pub fn set_within(&mut self, host: &HostName, within: &AttrPath) -> Result<(), Diagnostic> {
        let path = ["hosts", host, "within"];
        let text = within.to_string();
        self.change(&path, |edit| edit.set_text(&path.map(Segment::key), &text))
    }

    /// Gives the module that imports for all another path.
    ///
    /// # Errors
    /// As [`InventoryEditor::set_host`].
    pub fn move_import(&mut self, module: &str) -> Result<(), Diagnostic> {
        let path = ["import"];
        self.change(&path, |edit| edit.set_text(&path.map(Segment::key), module))
    }

    /// Makes the inventory say exactly this of a cache, its links included.
    ///
    /// # Errors
    /// As [`InventoryEditor::set_host`].
    pub fn set_cache(&mut self, cache: &Cache) -> Result<(), Diagnostic> {
        let name = cache.host.as_str();
        let before = self.fleet().caches.get(&cache.host).cloned();
        let old = before.as_ref().map(fields::of_cache);
        self.set(&["caches", name], old, &fields::of_cache(cache))?;
        let before = before.map(|cache| cache.link_overrides).unwrap_or_default();
        self.set_links(name, &before, &cache.link_overrides, fields::of_link)
    }

    /// [`InventoryEditor::set_cache`] for a cache elsewhere.
    ///
    /// # Errors
    /// As [`InventoryEditor::set_host`].
    pub fn set_external_cache(&mut self, cache: &ExternalCache) -> Result<(), Diagnostic> {
        let name = cache.name.as_str();
        let before = self.fleet().external_caches.get(&cache.name).cloned();
        let old = before.as_ref().map(fields::of_external);
        self.set(&["caches", name], old, &fields::of_external(cache))?;
        let before = before.map(|cache| cache.link_overrides).unwrap_or_default();
        self.set_links(
            name,
            &before,
            &cache.link_overrides,
            fields::of_external_link,
        )
    }

    /// Makes the inventory say exactly this of the clients' own ways to a cache.
    fn set_links<L>(
        &mut self,
        cache: &str,
        before: &BTreeMap<HostName, L>,
        after: &BTreeMap<HostName, L>,
        fields: impl Fn(&L) -> Vec<Field<'static>>,
    ) -> Result<(), Diagnostic> {
        for client in before.keys().filter(|name| !after.contains_key(*name)) {
            let path = ["caches", cache, "link", client];
            self.change(&path, |edit| edit.remove(&path))?;
        }
        for (client, link) in after {
            let path = ["caches", cache, "link", client];
            self.set(&path, before.get(client).map(&fields), &fields(link))?;
        }
        Ok(())
    }

    /// Makes the inventory say exactly this of a jump host.
    ///
    /// # Errors
    /// As [`InventoryEditor::set_host`].
    pub fn set_jump_host(&mut self, jump_host: &JumpHost) -> Result<(), Diagnostic> {
        let old = self.fleet().jump_hosts.get(&jump_host.address);
        let old = old.map(fields::of_jump_host);
        let path = ["jump-hosts", &*jump_host.address];
        self.set(&path, old, &fields::of_jump_host(jump_host))
    }

    /// Takes a cache away, its links included. Nothing happens if there is none.
    ///
    /// # Errors
    /// As [`InventoryEditor::set_host`].
    pub fn remove_cache(&mut self, name: &HostName) -> Result<(), Diagnostic> {
        let path = ["caches", name];
        self.change(&path, |edit| edit.remove(&path))
    }

    /// Records the one module that imports for every host; `None`: each its own.
    ///
    /// # Errors
    /// As [`InventoryEditor::set_host`].
    pub fn set_import(&mut self, import: Option<&str>) -> Result<(), Diagnostic> {
        let field = |path: Option<&str>| vec![(top::IMPORT.name, path.map(Into::into))];
        let old = field(self.fleet().import.as_deref());
        self.set(&[], Some(old), &field(import))
    }

    fn set(
        &mut self,
        path: &[&str],
        old: Option<Vec<Field>>,
        new: &[Field],
    ) -> Result<(), Diagnostic> {
        let old = old.unwrap_or_default();
        self.change(path, |edit| edit.set_table(path, &old, new))
    }

    /// Keeps the changed text, if the change could be made.
    fn change(
        &mut self,
        path: &[&str],
        change: impl FnOnce(&mut TomlEdit) -> Result<(), Uneditable>,
    ) -> Result<(), Diagnostic> {
        let before = self.text().to_owned();
        let edit = self.edit.take();
        let changed = edit.map_or_else(|| TomlEdit::of(&before), Ok);
        let changed = changed.and_then(|mut edit| {
            change(&mut edit)?;
            Ok(edit)
        });
        self.is_changed = changed.is_ok();
        if let Ok(edit) = changed {
            self.edit = Some(edit);
            return Ok(());
        }
        self.read_again(&before);
        Err(self.cannot_edit(path))
    }

    fn cannot_edit(&self, path: &[&str]) -> Diagnostic {
        let shown = path.join(".");
        let message = format!("`{shown}` is written in a form that larder cannot edit");
        let place = (1..=path.len())
            .rev()
            .find_map(|length| self.fleet.span(&path[..length]));
        Diagnostic::error("inventory-form", message)
            .at(&self.fleet.source, place.unwrap_or(0..0), "here")
            .about(shown.clone())
            .help(format!("write it as a table of its own, under `[{shown}]`"))
    }
}

/// The names of all caches, of whichever kind.
fn cache_names(fleet: &Fleet) -> Vec<HostName> {
    fleet.cache_names().cloned().collect()
}

impl Default for InventoryEditor {
    fn default() -> Self {
        Self::new()
    }
}
