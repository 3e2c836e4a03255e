//! The wiring: owned modules, rendered from what the inventory means.
//!
//! What caches and clients do is Nix, in `templates/`, and is written out as it
//! stands: `serve.nix`, `use.nix`, `identity.nix`. What one fleet is goes into
//! files of data: a file for each cache, the keys, and a stub for each host. So a
//! new client of a cache shows as one key in the cache's file.
//!
//! Nothing here decides at run time: where a choice depends on the machine, the
//! modules make it while they are evaluated. No human file is touched here; which
//! host modules need an import is said by [`imports`].

mod cache;
mod keys;
mod stub;

use std::collections::BTreeMap;

pub use self::stub::imports;

use crate::diagnostic::Diagnostic;
use crate::fleet::{Cache, Fleet, Wiring};
use crate::nix::template::{self, TemplateError, Value};

/// What the header of every owned module says, so that one is known when it is
/// met.
const OWNED: &str = "# Kept by larder";

/// Every owned module that should exist, by its path relative to the flake's
/// folder.
///
/// # Errors
/// When a value of the inventory cannot be written as Nix.
pub fn render(fleet: &Fleet) -> Result<BTreeMap<String, String>, Vec<Diagnostic>> {
    render_by(fleet, template::render)
}

/// What [`render`] gives, to compare files with: it is not parsed again. Nothing
/// where it cannot be rendered.
pub fn expected(fleet: &Fleet) -> BTreeMap<String, String> {
    render_by(fleet, template::expected).unwrap_or_default()
}

type Render = fn(&str, &[(&str, Value)]) -> Result<String, TemplateError>;

fn render_by(fleet: &Fleet, render: Render) -> Result<BTreeMap<String, String>, Vec<Diagnostic>> {
    let mut modules = Modules {
        dir: &fleet.dir,
        render,
        files: BTreeMap::new(),
        problems: Vec::new(),
    };
    keys::add(fleet, &mut modules);
    for cache in owned_caches(fleet) {
        cache::add(fleet, cache, &mut modules);
    }
    stub::add_all(fleet, &mut modules);
    if modules.problems.is_empty() {
        Ok(modules.files)
    } else {
        Err(modules.problems)
    }
}

/// True for the text of a module that larder wrote, even if a formatter or a
/// person has been at it since.
pub fn is_owned(text: &str) -> bool {
    const HEADER_LINES: usize = 5;
    text.lines()
        .take(HEADER_LINES)
        .any(|line| line.starts_with(OWNED))
}

/// The caches whose wiring is ours to write.
fn owned_caches(fleet: &Fleet) -> impl Iterator<Item = &Cache> {
    fleet
        .caches
        .values()
        .filter(|cache| cache.wiring == Wiring::Owned)
}

/// The files so far, and what could not be written.
struct Modules<'a> {
    dir: &'a str,
    render: Render,
    files: BTreeMap<String, String>,
    problems: Vec<Diagnostic>,
}

impl Modules<'_> {
    /// Renders a template to a path below the folder of owned modules.
    fn add(&mut self, path: &str, template: &str, values: &[(&str, Value)]) {
        match (self.render)(template, values) {
            Ok(text) => {
                self.files.insert(format!("{}/{path}", self.dir), text);
            }
            Err(error) => self.problems.push(unwritable(path, &error)),
        }
    }

    /// Adds a file like one that was added before.
    fn copy(&mut self, like: &str, path: &str) {
        if let Some(text) = self.files.get(&format!("{}/{like}", self.dir)).cloned() {
            self.files.insert(format!("{}/{path}", self.dir), text);
        }
    }
}

fn unwritable(path: &str, error: &TemplateError) -> Diagnostic {
    Diagnostic::error(
        "unwritable-value",
        format!("cannot write `{path}`: {error}"),
    )
    .about(path)
}

#[cfg(test)]
mod tests;
