//! The flake's inputs, each with the repository that its URL names.
//!
//! A framework is recognised by the repository that an input's URL names, since
//! people call their inputs what they like.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Eval;
use super::external::{External, Input};
use super::files;
use super::input_url::repo_of;
use super::value::Value;

/// The prefix of the names of inputs that no flake declares; no declared one has it.
const FETCHED: &str = "@";

/// What is between the name of an input and that of an input of it.
const WITHIN: &str = ".inputs.";

/// The inputs by name.
#[derive(Default)]
pub(in crate::flake) struct Inputs {
    known: BTreeMap<Rc<str>, Rc<Input>>,
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

    /// The repository of what an input follows, through any number of them; the last name
    /// of its path where that is an input of another flake.
    fn repo_followed(&self, name: &str, followed: &BTreeMap<Rc<str>, Rc<str>>) -> Option<String> {
        let mut path = followed.get(name)?;
        for _ in 0..=followed.len() {
            match followed.get(path) {
                Some(further) => path = further,
                None => break,
            }
        }
        let declared = self.known.get(path).and_then(|input| input.repo.clone());
        declared.or_else(|| path.rsplit('/').next().map(str::to_lowercase))
    }

    /// The input of an input, which is another one than the flake's own of that name.
    pub(in crate::flake) fn within(&mut self, input: &Input, name: &str) -> Rc<Input> {
        let path: Rc<str> = format!("{}{WITHIN}{name}", input.name).into();
        let repo = Some(name.to_lowercase());
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
    /// Reads the `inputs` of a flake.
    pub(in crate::flake) fn declare_inputs(&mut self, flake: &Value) {
        let Value::Attrs(inputs) = self.select(flake, "inputs") else {
            return;
        };
        let mut followed = BTreeMap::new();
        for (name, slot) in &inputs.slots {
            let value = self.force(&slot.value);
            let repo = self.input_repo(&value);
            if repo.is_none()
                && let Some(path) = self.followed(&value)
            {
                followed.insert(name.clone(), path);
            }
            self.inputs.declare(name, repo);
        }
        for name in followed.keys() {
            let repo = self.inputs.repo_followed(name, &followed);
            self.inputs.declare(name, repo);
        }
    }

    /// What an input follows: the path of names of another one.
    fn followed(&mut self, input: &Value) -> Option<Rc<str>> {
        match (input, self.select(input, "follows")) {
            (Value::Attrs(_), Value::Str(follows)) => Some(follows.text),
            _ => None,
        }
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
        External::input(self.inputs.get(name)).into()
    }

    /// `input.inputs.name`.
    pub(in crate::flake) fn input_within(&mut self, input: &Input, name: &str) -> Value {
        External::input(self.inputs.within(input, name)).into()
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

    fn input_repo(&mut self, input: &Value) -> Option<String> {
        let Value::Attrs(attrs) = input else {
            return None;
        };
        for name in ["url", "path", "id"] {
            if !attrs.slots.contains_key(name) {
                continue;
            }
            return match self.select(input, name) {
                Value::Str(url) => repo_of(&url.text),
                Value::Path(path) => repo_of(&format!("path:{path}")),
                _ => None,
            };
        }
        let (Value::Str(owner), Value::Str(repo)) =
            (self.select(input, "owner"), self.select(input, "repo"))
        else {
            return None;
        };
        Some(format!("{}/{}", owner.text, repo.text).to_lowercase())
    }
}
