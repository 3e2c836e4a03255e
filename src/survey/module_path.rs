//! Where in a module something is.

use crate::survey::options;

/// Stands for a name that is computed.
pub(super) const COMPUTED: &str = "${}";

/// The names around a place in a module: `nix`, `settings`.
#[derive(Default)]
pub(super) struct ModulePath(pub(super) Vec<String>);

impl ModulePath {
    /// True for a surveyed option and below.
    pub(super) fn in_option(&self) -> bool {
        options::split(&self.0).is_some()
    }

    /// True for a list of modules that are imported.
    pub(super) fn in_imports(&self) -> bool {
        self.is_called("imports")
    }

    /// True for a list of modules by another name, as of a host.
    pub(super) fn in_modules(&self) -> bool {
        self.is_called("modules")
    }

    fn is_called(&self, wanted: &str) -> bool {
        !self.in_option() && self.0.last().is_some_and(|name| name == wanted)
    }

    /// True for what may hold options as a whole value: `nix = import ./nix.nix`.
    pub(super) fn is_root(&self) -> bool {
        self.0.last().is_some_and(|name| options::is_root(name))
    }

    /// True for the module, and for what holds whole groups of surveyed options.
    pub(super) fn is_part(&self) -> bool {
        match self.in_module() {
            [] => true,
            [only] => options::is_root(only) || only == "imports",
            _ => false,
        }
    }

    /// True where a computed name may be that of a surveyed option.
    pub(super) fn is_computed(&self) -> bool {
        match self.in_module() {
            [first, ..] if first == COMPUTED => true,
            [first, second, ..] => options::is_root(first) && second == COMPUTED,
            _ => false,
        }
    }

    /// The path in the module, `config` or not.
    fn in_module(&self) -> &[String] {
        match self.0.split_first() {
            Some((first, rest)) if first == "config" => rest,
            _ => &self.0,
        }
    }
}
