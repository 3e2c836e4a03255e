//! The flake's inputs, each with the repository that its URL names.
//!
//! A framework is recognised by the repository that an input's URL names, since
//! people call their inputs what they like.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Eval;
use super::declared::DeclaredInput;
use super::external::{External, Input};
use super::files;
use super::input_url::repo_of;
use super::thunk::Thunk;
use super::value::{Attrs, Slot, Value};
use crate::repo::RepoPath;

/// The prefix of the names of inputs that no flake declares; no declared one has it.
const FETCHED: &str = "@";

/// What is between the name of an input and that of an input of it.
const WITHIN: &str = ".inputs.";

/// The inputs by name.
#[derive(Default)]
pub(in crate::flake) struct Inputs {
    known: BTreeMap<Rc<str>, Rc<Input>>,
    /// The values of those that are folders of the repository.
    own: BTreeMap<Rc<str>, Thunk>,
}

impl Inputs {
    /// An input by its name, whether declared or taken from the registry.
    pub(in crate::flake) fn get(&mut self, name: &str) -> Rc<Input> {
        if let Some(input) = self.known.get(name) {
            return input.clone();
        }
        let input = Rc::new(Input {
            name: name.into(),
            repo: None,
        });
        self.known.insert(name.into(), input.clone());
        input
    }

    fn declare(&mut self, name: &Rc<str>, repo: Option<String>) {
        let name = name.clone();
        self.known
            .insert(name.clone(), Rc::new(Input { name, repo }));
    }

    /// The input of an input, which is another one than the flake's own of that name.
    fn within(&mut self, input: &Input, name: &str, repo: Option<String>) -> Rc<Input> {
        let path: Rc<str> = format!("{}{WITHIN}{name}", input.name).into();
        let repo = repo.or_else(|| Some(name.to_lowercase()));
        let inner = Input {
            name: path.clone(),
            repo,
        };
        let known = self.known.entry(path);
        known.or_insert_with(|| Rc::new(inner)).clone()
    }

    /// The input that a builtin fetches: it has no name in the flake.
    fn fetched(&mut self, repo: String) -> Rc<Input> {
        let name: Rc<str> = format!("{FETCHED}{}", repo.replace('/', "+")).into();
        let repo = Some(repo);
        let input = Input {
            name: name.clone(),
            repo,
        };
        let known = self.known.entry(name);
        known.or_insert_with(|| Rc::new(input)).clone()
    }

    /// The declared names.
    pub(in crate::flake) fn names(&self) -> Vec<Rc<str>> {
        let is_declared = |name: &&Rc<str>| !name.starts_with(FETCHED) && !name.contains(WITHIN);
        self.known.keys().filter(is_declared).cloned().collect()
    }
}

impl Eval<'_> {
    /// Reads the `inputs` of the flake.
    pub(in crate::flake) fn declare_inputs(&mut self, flake: &Value) {
        let dir = self.repo.dir().clone();
        for (name, declared) in self.declared_inputs(flake, &dir) {
            if let Some(folder) = &declared.folder {
                let value = own_input(folder, &declared);
                self.inputs.own.insert(name.clone(), value);
            }
            self.inputs.declare(&name, declared.repo);
        }
    }

    /// The inputs of a flake of the repository that is itself an input; some of them are
    /// given to it.
    pub(super) fn inputs_of(&mut self, flake: &Value, dir: &RepoPath, given: &Attrs) -> Attrs {
        let mut out = Attrs::default();
        let whole = Input {
            name: dir.as_str().into(),
            repo: None,
        };
        for (name, declared) in self.declared_inputs(flake, dir) {
            let value = match (given.slots.get(&name), &declared.folder) {
                (Some(given), _) => given.value.clone(),
                (None, Some(folder)) => own_input(folder, &declared),
                (None, None) => {
                    let input = self.inputs.within(&whole, &name, declared.repo);
                    Thunk::done(External::input(input).into())
                }
            };
            out.insert(name, Slot::new(value));
        }
        out
    }

    /// The input that a path of names means: `home-manager/nixpkgs`.
    fn input_followed(&mut self, path: &str) -> Value {
        let mut names = path.split('/');
        let first = names.next().unwrap_or_default();
        let first = self.input(first);
        names.fold(first, |input, name| {
            self.select_path(&input, &["inputs", name])
        })
    }

    /// The result of `fetchTarball` and the like, if the URL names a repository.
    pub(in crate::flake) fn fetched(&mut self, what: &Value) -> Option<Value> {
        let repo = match what {
            Value::Str(url) => repo_of(&url.text),
            set => self.input_repo(set),
        }?;
        Some(External::input(self.inputs.fetched(repo)).into())
    }

    /// The input of this name as a value.
    pub(in crate::flake) fn input(&mut self, name: &str) -> Value {
        if let Some(own) = self.inputs.own.get(name).cloned() {
            return self.force(&own);
        }
        External::input(self.inputs.get(name)).into()
    }

    /// `input.inputs.name`.
    pub(in crate::flake) fn input_within(&mut self, input: &Input, name: &str) -> Value {
        External::input(self.inputs.within(input, name, None)).into()
    }

    /// The declared inputs' names.
    pub(in crate::flake) fn input_names(&self) -> Vec<Rc<str>> {
        self.inputs.names()
    }

    /// The input in whose folder an absolute path is, and the path within.
    pub(in crate::flake) fn input_of_path(&mut self, path: &str) -> Option<(Rc<Input>, String)> {
        let rest = path.strip_prefix(files::INPUT)?;
        let (name, below) = rest.split_once('/').unwrap_or((rest, ""));
        Some((self.inputs.get(name), below.to_owned()))
    }
}

/// An input that is a folder of the repository.
fn own_input(folder: &RepoPath, declared: &DeclaredInput) -> Thunk {
    if declared.is_source {
        let path = Value::string(files::absolute(folder));
        return Thunk::done(Attrs::of([("outPath", path)]).into());
    }
    let mut given = Attrs::default();
    for (name, path) in &declared.given {
        let path = path.clone();
        let value = Thunk::call(move |eval| eval.input_followed(&path));
        given.insert(name.clone(), Slot::new(value));
    }
    let folder = folder.clone();
    Thunk::call(move |eval| eval.subflake(&folder, &given))
}
