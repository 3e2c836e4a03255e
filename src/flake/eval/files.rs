//! The repository as a flake sees it: the tracked files under one absolute root,
//! as they would be in the Nix store.

use std::rc::Rc;

use super::Eval;
use super::external::External;
use super::scope::Frame;
use super::thunk::Thunk;
use super::value::{Attrs, Origin, Slot, Text, Value};
use crate::repo::RepoPath;

/// The absolute path of the repository's top while it is evaluated. No store path has an `@`.
pub(in crate::flake) const ROOT: &str = "/nix/store/@source";

/// The absolute path of the input `NAME` is this and the name.
pub(in crate::flake) const INPUT: &str = "/nix/store/@input-";

/// The absolute path of a file of the repository.
pub(in crate::flake) fn absolute(path: &RepoPath) -> String {
    if path.as_str().is_empty() {
        return ROOT.to_owned();
    }
    format!("{ROOT}/{path}")
}

/// The file of the repository that an absolute path names; `None` if it is
/// somewhere else.
pub(in crate::flake) fn within(path: &str) -> Option<RepoPath> {
    let rest = path.strip_prefix(ROOT)?;
    match rest.strip_prefix('/') {
        Some(rest) => RepoPath::new(rest),
        None => rest.is_empty().then(RepoPath::default),
    }
}

/// A path that is not in the repository, as people would name it: `nixpkgs/nixos/…`.
pub(in crate::flake) fn shown_outside(path: &str) -> String {
    path.strip_prefix(INPUT).unwrap_or(path).to_owned()
}

/// The path of a file that only nixpkgs has, whatever patched or renamed copy of
/// nixpkgs it is taken from.
pub(super) fn only_nixpkgs(tail: &str) -> Option<String> {
    let tail = tail.trim_end_matches(".nix");
    (tail == "/nixos/lib/eval-config").then(|| format!("{INPUT}nixpkgs{tail}.nix"))
}

/// An absolute path without `.`, `..` and double slashes.
pub(super) fn normal(path: &str) -> String {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

impl Eval<'_> {
    /// True if it is a tracked file.
    pub(in crate::flake) fn is_file(&self, path: &RepoPath) -> bool {
        self.repo.tracking(path) == crate::repo::Tracking::Tracked
    }

    /// True if tracked files are in it.
    pub(in crate::flake) fn is_dir(&self, path: &RepoPath) -> bool {
        self.repo.tracked_under(path).next().is_some()
    }

    /// The file that `import path` reads: a folder means its `default.nix`.
    pub(in crate::flake) fn module_file(&self, path: &RepoPath) -> Option<RepoPath> {
        let path = self.repo.followed(path);
        if self.is_file(&path) {
            return Some(path);
        }
        let default = path.join("default.nix")?;
        self.is_file(&default).then_some(default)
    }

    /// The value of `import path` for a path of the repository.
    pub(in crate::flake) fn import(&mut self, path: &RepoPath) -> Value {
        if self.names_files {
            return External::file(path.clone()).into();
        }
        let Some(file) = self.module_file(path) else {
            return Value::unknown(self.repo.why_absent(path));
        };
        if let Some(known) = self.imported.get(&file) {
            let known = known.clone();
            return self.force(&known);
        }
        let parsed = match self.repo.nix(&file) {
            Some(Ok(nix)) => Some(nix.expr()),
            Some(Err(_)) => None,
            None => return Value::unknown(format!("`{file}` is not text")),
        };
        let Some(expr) = parsed else {
            return Value::unknown(format!("`{file}` does not parse"));
        };
        let value = Thunk::expr(expr, &Frame::of_file(file.clone()));
        self.imported.insert(file, value.clone());
        self.force(&value)
    }

    /// `builtins.readDir` of a path of the repository.
    pub(super) fn read_dir(&mut self, dir: &RepoPath) -> Value {
        let mut attrs = Attrs::default();
        for (name, folder) in self.children(dir) {
            let kind = if folder { "directory" } else { "regular" };
            let mut slot = Slot::done(Value::string(kind));
            slot.origin = dir.join(&name).map(|path| Rc::new(Origin::Dir(path)));
            attrs.insert(name, slot);
        }
        self.spend(attrs.slots.len());
        if attrs.slots.is_empty() {
            return Value::unknown(match self.repo.submodule_of(dir) {
                Some(_) => self.repo.why_absent(dir),
                None => format!("the folder `{dir}` is not among the tracked files"),
            });
        }
        attrs.into()
    }

    /// The names in a folder, each with whether it is a folder itself.
    pub(in crate::flake) fn children(&self, dir: &RepoPath) -> Vec<(String, bool)> {
        let mut out: Vec<(String, bool)> = Vec::new();
        for path in self.repo.tracked_under(dir) {
            let below = path.as_str()[dir.as_str().len()..].trim_start_matches('/');
            let (name, folder) = match below.split_once('/') {
                Some((name, _)) => (name, true),
                None => (below, false),
            };
            if out.last().is_none_or(|(last, _)| last != name) {
                out.push((name.to_owned(), folder));
            }
        }
        out
    }

    /// `builtins.readFile` of an absolute path.
    pub(super) fn read_file(&mut self, path: &str) -> Value {
        let Some(file) = within(path) else {
            return Value::unknown(format!("`{path}` is not in the repository"));
        };
        if !self.is_file(&file) {
            return Value::unknown(self.repo.why_absent(&file));
        }
        match self.repo.text(&file) {
            Ok(Some(text)) => Value::Str(Text {
                text: Rc::from(&*text),
                origin: Some(Rc::new(Origin::File(file))),
            }),
            _ => Value::unknown(format!("`{file}` is not text")),
        }
    }
}
