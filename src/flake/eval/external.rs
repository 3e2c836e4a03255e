//! Values that come from an input: their attribute path is known, their content is not.
//!
//! An attribute of an external value is an external value. A call of one gives what the
//! framework of that input would give, if larder knows it, and else `Unknown`.

use std::fmt;
use std::rc::Rc;

use super::Eval;
use super::thunk::Thunk;
use super::value::Value;
use crate::flake::framework;
use crate::repo::RepoPath;

/// One input of the flake.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::flake) struct Input {
    pub(in crate::flake) name: Rc<str>,
    /// `owner/name` in lower case, when the URL says it.
    pub(in crate::flake) repo: Option<String>,
}

/// What an external value is an attribute of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::flake) enum Root {
    Input(Rc<Input>),
    /// A package set of nixpkgs.
    Packages,
    /// What the flake itself puts out, through `self`.
    Outputs,
    /// Something that only an evaluation of the whole configuration knows.
    Word(&'static str),
    /// What a file of the repository holds, for an evaluator that knows only one.
    File(RepoPath),
}

/// A value that comes from an input: where it is, not what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::flake) struct External {
    pub(in crate::flake) root: Root,
    pub(in crate::flake) path: Vec<Rc<str>>,
}

impl Input {
    /// True if it is the repository `owner/name`, a fork of it, or a registry entry
    /// of that name: forks keep the conventions that larder knows.
    pub(in crate::flake) fn is(&self, repo: &str) -> bool {
        let name = name_of(repo);
        let known = self.repo.as_deref().unwrap_or(&self.name);
        // `lib` alone may be anybody's; a fork may have any name where the flake calls it so.
        known == repo || (name != "lib" && (name_of(known) == name || *self.name == *name))
    }

    /// True if it is nixpkgs under any of its names.
    pub(in crate::flake) fn is_nixpkgs(&self) -> bool {
        let repo = self.repo.as_deref().unwrap_or(&self.name);
        name_of(repo).contains("nixpkgs")
    }
}

fn name_of(repo: &str) -> &str {
    repo.rsplit_once('/').map_or(repo, |(_, name)| name)
}

impl External {
    pub(in crate::flake) fn input(input: Rc<Input>) -> Self {
        Self {
            root: Root::Input(input),
            path: Vec::new(),
        }
    }

    pub(in crate::flake) fn packages() -> Self {
        Self {
            root: Root::Packages,
            path: Vec::new(),
        }
    }

    pub(in crate::flake) fn word(word: &'static str) -> Self {
        Self {
            root: Root::Word(word),
            path: Vec::new(),
        }
    }

    pub(super) fn file(file: RepoPath) -> Self {
        Self {
            root: Root::File(file),
            path: Vec::new(),
        }
    }

    /// True if it is what a file holds, as a whole.
    fn is_file(&self) -> bool {
        matches!(self.root, Root::File(_)) && self.path.is_empty()
    }

    /// True if it is what the flake itself puts out, as a whole.
    pub(super) fn is_self(&self) -> bool {
        self.root == Root::Outputs && self.path.is_empty()
    }

    /// True if it is an input as a whole.
    pub(super) fn is_input(&self) -> bool {
        matches!(self.root, Root::Input(_)) && self.path.is_empty()
    }

    /// The attribute path from its root.
    pub(in crate::flake) fn path(&self) -> Vec<&str> {
        self.path.iter().map(|part| &**part).collect()
    }

    /// The input it is from.
    pub(in crate::flake) fn input_ref(&self) -> Option<&Rc<Input>> {
        match &self.root {
            Root::Input(input) => Some(input),
            _ => None,
        }
    }

    pub(super) fn store_path(&self) -> Option<String> {
        let input = self.input_ref()?;
        match *self.path() {
            [] | ["outPath"] => Some(format!("{}{}", super::files::INPUT, input.name)),
            _ => None,
        }
    }

    fn child(&self, name: &str) -> Self {
        let mut child = self.clone();
        child.path.push(name.into());
        child
    }
}

impl fmt::Display for External {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.root {
            Root::Input(input) => write!(f, "inputs.{}", input.name)?,
            Root::Packages => f.write_str("pkgs")?,
            Root::Outputs => f.write_str("self")?,
            Root::Word(word) => f.write_str(word)?,
            Root::File(file) => write!(f, "import {file}")?,
        }
        self.path.iter().try_for_each(|part| write!(f, ".{part}"))
    }
}

impl From<External> for Value {
    fn from(external: External) -> Self {
        Self::External(Rc::new(external))
    }
}

impl From<Rc<External>> for Value {
    fn from(external: Rc<External>) -> Self {
        Self::External(external)
    }
}

/// `external.name`.
pub(super) fn select(eval: &mut Eval, external: &Rc<External>, name: &str) -> Value {
    if external.path.len() > 32 {
        return Value::unknown(format!("an attribute of `{external}`"));
    }
    let child = external.child(name);
    match framework::value(eval, &child) {
        Some(value) => value,
        None => child.into(),
    }
}

/// `external argument`.
pub(super) fn call(eval: &mut Eval, external: &Rc<External>, argument: Thunk) -> Value {
    match framework::value(eval, external) {
        Some(function) => eval.apply(&function, argument),
        // What a file makes of its arguments is in the file.
        None if external.is_file() => external.clone().into(),
        None => Value::unknown(not_called(external)),
    }
}

fn not_called(external: &External) -> String {
    let of = match external.root {
        Root::Input(_) => "an input",
        Root::Packages => "nixpkgs",
        Root::Outputs | Root::Word(_) | Root::File(_) => {
            return format!("larder does not know `{external}`");
        }
    };
    format!("`{external}` is a function of {of}, which larder does not evaluate")
}
