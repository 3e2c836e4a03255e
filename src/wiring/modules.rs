//! The owned modules that are rendered so far.

use std::collections::BTreeMap;

use super::fingerprint::{self, rows_of};
use crate::diagnostic::Diagnostic;
use crate::fleet::{Cache, ExternalCache, Fleet, Host, Wiring};
use crate::nix::template::{TemplateError, Value};

pub(super) type Render = fn(&str, &[(&str, Value)]) -> Result<String, TemplateError>;

/// The files so far, and what could not be written.
pub(super) struct Rendering<'a> {
    pub(super) dir: &'a str,
    pub(super) render: Render,
    pub(super) files: BTreeMap<String, String>,
    pub(super) problems: Vec<Diagnostic>,
}

impl Rendering<'_> {
    /// Renders a template to a path below the folder of owned modules.
    pub(super) fn add(&mut self, path: &str, template: &str, values: &[(&str, Value)]) {
        match self.signed(path, template, values) {
            Ok(text) => {
                self.files.insert(format!("{}/{path}", self.dir), text);
            }
            Err(error) => self.problems.push(unwritable(path, &error)),
        }
    }

    fn signed(
        &self,
        path: &str,
        template: &str,
        values: &[(&str, Value)],
    ) -> Result<String, TemplateError> {
        let text = (self.render)(template, values)?;
        let rows = rows_of(path);
        if rows.is_empty() {
            return Ok(fingerprint::sign(&text, &text));
        }
        let without_rows = (self.render)(template, &emptied(values, rows))?;
        Ok(fingerprint::sign(&text, &without_rows))
    }

    /// Adds a file like one that was added before.
    pub(super) fn copy(&mut self, like: &str, path: &str) {
        if let Some(text) = self.files.get(&format!("{}/{like}", self.dir)).cloned() {
            self.files.insert(format!("{}/{path}", self.dir), text);
        }
    }
}

fn emptied<'v>(values: &[(&'v str, Value)], rows: &[&str]) -> Vec<(&'v str, Value)> {
    let empty = |(name, value): &(&'v str, Value)| {
        let is_row = rows.contains(name);
        let value = if is_row {
            value.emptied()
        } else {
            value.clone()
        };
        (*name, value)
    };
    values.iter().map(empty).collect()
}

fn unwritable(path: &str, error: &TemplateError) -> Diagnostic {
    Diagnostic::error(
        "unwritable-value",
        format!("cannot write `{path}`: {error}"),
    )
    .about(path)
}

/// The caches whose wiring is ours to write.
pub(super) fn owned_caches(fleet: &Fleet) -> impl Iterator<Item = &Cache> {
    fleet
        .caches
        .values()
        .filter(|cache| cache.wiring == Wiring::Owned)
}

/// The caches elsewhere whose clients' wiring is ours to write.
pub(super) fn owned_external_caches(fleet: &Fleet) -> impl Iterator<Item = &ExternalCache> {
    let caches = fleet.external_caches.values();
    caches.filter(|cache| !cache.is_adopted())
}

/// The hosts that serve or use a cache of ours, and have a module to import into.
pub(super) fn wired_hosts(fleet: &Fleet) -> impl Iterator<Item = &Host> {
    let takes_part = |host: &Host| {
        owned_caches(fleet).any(|cache| cache.host == host.name || cache.serves(host))
            || owned_external_caches(fleet).any(|cache| cache.serves(host))
    };
    fleet
        .hosts
        .values()
        .filter(move |host| takes_part(host) && fleet.has_module(host))
}

/// The rest of a comment: where a reader finds what differs for one host, if that is there.
pub(super) fn differences_in(fleet: &Fleet) -> &'static str {
    if wired_hosts(fleet).next().is_none() {
        ""
    } else if fleet.import.is_some() {
        " What differs for one host is in ../fleet.nix."
    } else {
        " What differs for one host is in ../hosts."
    }
}
