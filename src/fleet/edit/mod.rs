//! Edits of the inventory's text: comments, order and spacing are the user's.
//!
//! The editor compares what the text means with what it is to mean, and touches
//! the values that differ and nothing else. A table that it adds it can take
//! away again, byte for byte.
//!
//! What goes with a table that is removed: its lines, the comments directly above
//! its header and directly below its last line (no blank line between), and one
//! blank line before it. With a single value goes the comment behind it on its
//! line, not the ones above.

mod addition;
mod draft;
mod fields;
mod outline;
mod removal;
mod value;
mod view;

use crate::diagnostic::{Diagnostic, Source};

use self::draft::Draft;
use self::value::{Field, Value};
use self::view::Broken;
use super::format::top;
use super::inventory::read_leniently;
use super::{Cache, Fleet, Host, HostName, INVENTORY, read};

/// An inventory while it is edited.
///
/// Every method leaves a text that can be read again, or returns an error and
/// leaves the text as it was.
#[derive(Debug, Clone)]
pub struct InventoryEditor {
    fleet: Fleet,
}

impl InventoryEditor {
    /// A new inventory without hosts.
    pub fn new() -> Self {
        let text = "version = 1\n";
        let (fleet, _) = read_leniently(&Source::new(INVENTORY, text));
        Self { fleet }
    }

    /// The inventory of a text.
    ///
    /// # Errors
    /// As [`read`]: a text with mistakes is not edited.
    pub fn open(source: &Source) -> Result<Self, Vec<Diagnostic>> {
        let fleet = read(source)?;
        Ok(Self { fleet })
    }

    /// The text as it is now.
    pub fn text(&self) -> &str {
        &self.fleet.source.text
    }

    /// Makes the inventory say exactly this of a host: values that are already
    /// so stay as they are written, the others are changed, added or removed.
    ///
    /// # Errors
    /// When the text has a form in which the change cannot be made.
    pub fn set_host(&mut self, host: &Host) -> Result<(), Diagnostic> {
        let path = ["hosts", host.name.as_str()];
        let old = self.fleet.hosts.get(&host.name).map(fields::of_host);
        self.set(&path, old, &fields::of_host(host))
    }

    /// [`InventoryEditor::set_host`] for many, in one go where they are new.
    ///
    /// # Errors
    /// As [`InventoryEditor::set_host`].
    pub fn set_hosts(&mut self, hosts: &[Host]) -> Result<(), Diagnostic> {
        let is_known = |host: &&Host| self.fleet.hosts.contains_key(&host.name);
        let (known, new): (Vec<&Host>, Vec<&Host>) = hosts.iter().partition(is_known);
        let tables: Vec<_> = new
            .iter()
            .map(|host| (host.name.as_str(), fields::of_host(host)))
            .collect();
        if !tables.is_empty() {
            self.change(&["hosts"], |draft| draft.add_tables("hosts", &tables))?;
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
        if let Some(cache) = self.fleet.caches.get(name) {
            let message = format!("`{name}` serves a cache");
            let problem = Diagnostic::error("host-serves-cache", message)
                .at(&self.fleet.source, cache.range.clone(), "this cache")
                .about(name.as_str())
                .help(format!("run `larder remove-cache {name}` first"));
            return Err(problem);
        }
        let caches: Vec<HostName> = self.fleet.caches.keys().cloned().collect();
        self.change(&["hosts", name], |draft| {
            for cache in &caches {
                draft.remove_entry(&["caches", cache, "clients"], name)?;
                draft.remove_entry(&["caches", cache, "except"], name)?;
                draft.remove(&["caches", cache, "link", name])?;
            }
            draft.remove(&["hosts", name])
        })
    }

    /// Makes the inventory say exactly this of a cache, its links included.
    ///
    /// # Errors
    /// As [`InventoryEditor::set_host`].
    pub fn set_cache(&mut self, cache: &Cache) -> Result<(), Diagnostic> {
        let name = cache.host.as_str();
        let before = self.fleet.caches.get(&cache.host).cloned();
        let old = before.as_ref().map(fields::of_cache);
        self.set(&["caches", name], old, &fields::of_cache(cache))?;
        let before = before.map(|cache| cache.link_overrides).unwrap_or_default();
        for client in before
            .keys()
            .filter(|name| !cache.link_overrides.contains_key(*name))
        {
            let path = ["caches", name, "link", client];
            self.change(&path, |draft| draft.remove(&path))?;
        }
        for (client, link) in &cache.link_overrides {
            let path = ["caches", name, "link", client];
            self.set(
                &path,
                before.get(client).map(fields::of_link),
                &fields::of_link(link),
            )?;
        }
        Ok(())
    }

    /// Takes a cache away, its links included. Nothing happens if there is none.
    ///
    /// # Errors
    /// As [`InventoryEditor::set_host`].
    pub fn remove_cache(&mut self, name: &HostName) -> Result<(), Diagnostic> {
        let path = ["caches", name];
        self.change(&path, |draft| draft.remove(&path))
    }

    /// Records the one module that imports for every host; `None`: each its own.
    ///
    /// # Errors
    /// As [`InventoryEditor::set_host`].
    pub fn set_import(&mut self, import: Option<&str>) -> Result<(), Diagnostic> {
        let field =
            |path: Option<&str>| -> Vec<Field> { vec![(&top::IMPORT, path.map(Value::text))] };
        let old = field(self.fleet.import.as_deref());
        self.set(&[], Some(old), &field(import))
    }

    fn set(
        &mut self,
        path: &[&str],
        old: Option<Vec<Field>>,
        new: &[Field],
    ) -> Result<(), Diagnostic> {
        let old = old.unwrap_or_default();
        self.change(path, |draft| draft.set_table(path, &old, new))
    }

    /// Applies a change to a copy of the text, and keeps it if it is still TOML.
    fn change(
        &mut self,
        path: &[&str],
        change: impl FnOnce(&mut Draft) -> Result<(), Broken>,
    ) -> Result<(), Diagnostic> {
        let mut draft = Draft::of(self.text());
        let done = change(&mut draft);
        let source = Source::new(self.fleet.source.path.clone(), draft.into_text());
        let (fleet, problems) = read_leniently(&source);
        let broken = problems
            .iter()
            .any(|problem| problem.code == "inventory-syntax");
        if done.is_err() || broken {
            return Err(self.cannot_edit(path));
        }
        self.fleet = fleet;
        Ok(())
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

impl Default for InventoryEditor {
    fn default() -> Self {
        Self::new()
    }
}
