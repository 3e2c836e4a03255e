//! A small lazy evaluator of Nix over the repository's own files.
//!
//! It answers two questions: which names has `nixosConfigurations`, and which
//! modules is each host made of. It knows the language, the builtins and the part
//! of nixpkgs' `lib` that flakes are written with, and what the common frameworks
//! do with a folder. It says `Unknown`, with a reason, for all else.
//!
//! Invariants: never wrong because it guessed; bounded in steps, depth and memory
//! for any input; no effects, the repository's tracked files are all it sees.
//!
//! A `let` whose values refer to each other is a circle that reference counts do not
//! free. It stays until the process ends, which evaluates a flake a few times at most.
//!
//! Absent on purpose: derivations, checks of types, and evaluation of inputs, but for those
//! that are folders of the repository.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use crate::flake::framework;
use crate::nix::NixFile;
use crate::repo::{Repo, RepoPath};

mod apply;
mod attrset;
mod builtins;
mod declared;
mod equal;
mod expr;
pub(in crate::flake) mod external;
pub(in crate::flake) mod files;
mod flake;
mod input_url;
pub(in crate::flake) mod inputs;
pub(in crate::flake) mod lexical;
pub(in crate::flake) mod modules;
pub(in crate::flake) mod operator;
pub(in crate::flake) mod prelude;
pub(in crate::flake) mod scope;
mod string;
pub(in crate::flake) mod thunk;
pub(in crate::flake) mod value;

pub(in crate::flake) use builtins::fetch;
use thunk::Thunk;
use value::Value;

/// Steps that one discovery may take. Large public flakes need 40,000, a literal flake
/// of 10,000 hosts 300,000.
const FUEL: usize = 1_000_000;

/// Nested evaluations; Nix itself stops near 10,000.
const DEPTH: usize = 1_500;

/// The reason of an `Unknown` where the work is too much.
const TOO_MUCH: &str = "it takes too much work to find out";

/// The evaluator: the repository, what was already imported, and how much more
/// work it may do.
pub(in crate::flake) struct Eval<'r> {
    pub(in crate::flake) repo: &'r Repo,
    globals: HashMap<&'static str, Value>,
    lib: Option<Value>,
    imported: HashMap<RepoPath, Thunk>,
    inputs: inputs::Inputs,
    pub(in crate::flake) frameworks: HashMap<&'static str, Value>,
    /// The files that are modules of the flake itself, as far as it was evaluated.
    pub(in crate::flake) flake_parts: BTreeSet<RepoPath>,
    /// The flake modules of inputs that were not read, and may set what nothing else sets.
    pub(in crate::flake) unread: BTreeSet<Rc<str>>,
    outputs: Option<Thunk>,
    /// It sees no files, and only names those that are imported.
    names_files: bool,
    fuel: usize,
    depth: usize,
}

impl<'r> Eval<'r> {
    /// An evaluator of the flake of `repo`.
    pub(in crate::flake) fn new(repo: &'r Repo) -> Self {
        Self {
            repo,
            globals: builtins::globals(),
            lib: None,
            imported: HashMap::new(),
            inputs: inputs::Inputs::default(),
            frameworks: HashMap::new(),
            flake_parts: BTreeSet::new(),
            unread: BTreeSet::new(),
            outputs: None,
            names_files: false,
            fuel: FUEL,
            depth: 0,
        }
    }

    /// An evaluator of one file that knows no other: `import` gives the name of a file, and
    /// what depends on files is not known. `nothing` is a repository without any.
    pub(in crate::flake) fn of_one_file(nothing: &'r Repo) -> Self {
        Self {
            names_files: true,
            ..Self::new(nothing)
        }
    }

    /// Lets the next question cost as much as the first.
    pub(in crate::flake) fn refuel(&mut self) {
        self.fuel = FUEL;
    }

    /// The value of a thunk, computed once.
    pub(in crate::flake) fn force(&mut self, thunk: &Thunk) -> Value {
        thunk.force(self)
    }

    /// Does `work` one level deeper; `Unknown` when that is too much or too deep.
    pub(super) fn step(&mut self, work: impl FnOnce(&mut Self) -> Value) -> Value {
        if !self.spend(1) {
            return Value::unknown(TOO_MUCH);
        }
        if self.depth >= DEPTH {
            return Value::unknown("it is nested too deeply");
        }
        self.depth += 1;
        let value = work(self);
        self.depth -= 1;
        value
    }

    /// Spends some of the work that may still be done; false if none is left.
    pub(super) fn spend(&mut self, cost: usize) -> bool {
        self.fuel = self.fuel.saturating_sub(cost);
        self.fuel > 0
    }

    /// Makes something of this size, if it is not too large.
    pub(super) fn sized(&mut self, size: usize, make: impl FnOnce() -> Value) -> Value {
        if self.spend(size) {
            make()
        } else {
            Value::unknown(TOO_MUCH)
        }
    }

    /// nixpkgs' `lib`.
    pub(in crate::flake) fn lib(&mut self) -> Value {
        prelude::lib(self)
    }

    /// The value of a text of Nix that is part of larder.
    pub(in crate::flake) fn embedded(&mut self, file: &NixFile) -> Value {
        self.expr(&file.expr(), &scope::Frame::of_file(RepoPath::default()))
    }

    fn global(&self, name: &str) -> Option<Value> {
        self.globals.get(name).cloned()
    }

    /// `value.name`.
    pub(in crate::flake) fn select(&mut self, value: &Value, name: &str) -> Value {
        match self.attribute(value, name) {
            // An attribute that is called nixpkgs is nixpkgs, whatever fetches it.
            Value::Unknown(_) if name == "nixpkgs" => self.input(name),
            found => found,
        }
    }

    fn attribute(&mut self, value: &Value, name: &str) -> Value {
        match value {
            Value::Attrs(attrs) => match (attrs.slots.get(name), &attrs.rest) {
                (Some(slot), _) => self.force(&slot.value),
                (None, Some(rest)) => self.select(&rest.clone(), name),
                (None, None) => Value::unknown(self.why_absent(name)),
            },
            Value::External(external) => external::select(self, external, name),
            Value::System(system) if name == "extendModules" => framework::extend(system),
            Value::System(_) => Value::unknown(format!(
                "it depends on `{name}` of a NixOS host, which only Nix evaluates"
            )),
            Value::Unknown(_) => value.clone(),
            other => Value::unknown(format!("`.{name}` of {}", other.kind())),
        }
    }

    /// Why there is no such attribute, as far as the flake's modules tell.
    fn why_absent(&self, name: &str) -> String {
        let absent = format!("there is no attribute `{name}`");
        let all: Vec<String> = self.unread.iter().map(|one| format!("`{one}`")).collect();
        match all.as_slice() {
            [] => absent,
            [one] => format!("{absent}, unless the flake module {one} sets it"),
            all => format!(
                "{absent}, unless one of the flake modules {} sets it",
                all.join(", ")
            ),
        }
    }

    /// `value.a.b`.
    pub(in crate::flake) fn select_path(&mut self, value: &Value, path: &[&str]) -> Value {
        let start = value.clone();
        path.iter()
            .fold(start, |value, name| self.select(&value, name))
    }
}
