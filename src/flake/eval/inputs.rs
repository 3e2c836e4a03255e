//! The flake's inputs, each with the repository that its URL names.
//!
//! A framework is recognised by the repository that an input's URL names, since
//! people call their inputs what they like.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Eval;
use super::external::{External, Input};
use super::files;
use super::value::Value;

/// The prefix of the names of inputs that no flake declares; no declared one has it.
const FETCHED: &str = "@";

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
        let names = self.known.keys();
        names.filter(|n| !n.starts_with(FETCHED)).cloned().collect()
    }
}

impl Eval<'_> {
    /// Reads the `inputs` of a flake.
    pub(in crate::flake) fn declare_inputs(&mut self, flake: &Value) {
        let Value::Attrs(inputs) = self.select(flake, "inputs") else {
            return;
        };
        for (name, slot) in &inputs.slots {
            let value = self.force(&slot.value);
            let repo = self.input_repo(&value);
            let input = Input {
                name: name.clone(),
                repo,
            };
            self.inputs.known.insert(name.clone(), Rc::new(input));
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

    /// The declared inputs' names.
    pub(in crate::flake) fn input_names(&self) -> Vec<Rc<str>> {
        self.inputs.names()
    }

    /// The input in whose folder an absolute path is, and the path within.
    pub(super) fn input_of_path(&mut self, path: &str) -> Option<(Rc<Input>, String)> {
        let rest = path.strip_prefix(files::INPUT)?;
        let (name, below) = rest.split_once('/').unwrap_or((rest, ""));
        Some((self.inputs.get(name), below.to_owned()))
    }

    fn input_repo(&mut self, input: &Value) -> Option<String> {
        let Value::Attrs(attrs) = input else {
            return None;
        };
        if attrs.slots.contains_key("url") {
            let Value::Str(url) = self.select(input, "url") else {
                return None;
            };
            return repo_of(&url.text);
        }
        if let Value::Str(follows) = self.select(input, "follows") {
            return follows.text.rsplit('/').next().map(str::to_lowercase);
        }
        let (Value::Str(owner), Value::Str(repo)) =
            (self.select(input, "owner"), self.select(input, "repo"))
        else {
            return None;
        };
        Some(format!("{}/{}", owner.text, repo.text).to_lowercase())
    }
}

/// `owner/name` in lower case, of `github:Owner/Name/ref?x` and the like; a bare
/// registry name as it is.
fn repo_of(url: &str) -> Option<String> {
    let url = url.split(['?', '#']).next().unwrap_or(url).to_lowercase();
    let (host, path) = match url.split_once("://") {
        Some((_, rest)) => rest.split_once('/')?,
        None => ("", url.split_once(':').map_or(&*url, |(_, rest)| rest)),
    };
    // https://flakehub.com/f/Owner/Name/1.tar.gz
    let path = path
        .strip_prefix("f/")
        .filter(|_| host.ends_with("flakehub.com"))
        .unwrap_or(path);
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let first = parts.next()?;
    let second = parts.next().map(|part| part.trim_end_matches(".git"));
    match second {
        // The registry's `nixpkgs/nixos-25.05`: a name and a branch.
        Some(_) if first == "nixpkgs" => Some(first.to_owned()),
        Some(name) => Some(format!("{first}/{name}")),
        None => Some(first.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::repo_of;

    #[test]
    fn the_repository_of_an_input_is_read_from_every_form_of_url() {
        for (url, repo) in [
            ("github:NixOS/nixpkgs/nixos-unstable", "nixos/nixpkgs"),
            (
                "git+https://github.com/hercules-ci/flake-parts.git?ref=main",
                "hercules-ci/flake-parts",
            ),
            (
                "https://git.clan.lol/clan/clan-core/archive/main.tar.gz",
                "clan/clan-core",
            ),
            ("nixpkgs/nixos-24.05", "nixpkgs"),
            (
                "https://flakehub.com/f/NixOS/nixpkgs/0.1.tar.gz",
                "nixos/nixpkgs",
            ),
            (
                "https://channels.nixos.org/nixos-24.05/nixexprs.tar.xz",
                "nixos-24.05/nixexprs.tar.xz",
            ),
            ("nixpkgs", "nixpkgs"),
        ] {
            assert_eq!(repo_of(url).as_deref(), Some(repo), "{url}");
        }
    }
}
