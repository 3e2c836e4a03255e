//! The inputs that a flake declares: where each comes from, and what it follows.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Eval;
use super::files;
use super::input_url::repo_of;
use super::value::Value;
use crate::repo::RepoPath;

/// What a flake says of one input.
#[derive(Default)]
pub(super) struct DeclaredInput {
    /// The repository that its URL names.
    pub(super) repo: Option<String>,
    /// The folder of the repository itself that it is.
    pub(super) folder: Option<RepoPath>,
    /// It is not called, only read.
    pub(super) is_source: bool,
    /// Its own inputs that follow others, each with the path of names that it follows.
    pub(super) given: Vec<(Rc<str>, Rc<str>)>,
    follows: Option<Rc<str>>,
}

impl Eval<'_> {
    /// The inputs that the flake in a folder declares.
    pub(super) fn declared_inputs(
        &mut self,
        flake: &Value,
        dir: &RepoPath,
    ) -> BTreeMap<Rc<str>, DeclaredInput> {
        let Value::Attrs(inputs) = self.select(flake, "inputs") else {
            return BTreeMap::new();
        };
        let mut all = BTreeMap::new();
        for (name, slot) in &inputs.slots {
            let input = self.force(&slot.value);
            all.insert(name.clone(), self.declared_input(&input, dir));
        }
        for name in inputs.slots.keys() {
            let repo = repo_followed(&all, name);
            if let (Some(repo), Some(input)) = (repo, all.get_mut(name)) {
                input.repo.get_or_insert(repo);
            }
        }
        all
    }

    fn declared_input(&mut self, input: &Value, dir: &RepoPath) -> DeclaredInput {
        let Value::Attrs(attrs) = input else {
            return DeclaredInput::default();
        };
        let mut given = Vec::new();
        if attrs.slots.contains_key("inputs")
            && let Value::Attrs(inner) = self.select(input, "inputs")
        {
            for (name, slot) in &inner.slots {
                let inner = self.force(&slot.value);
                given.extend(self.followed(&inner).map(|path| (name.clone(), path)));
            }
        }
        let is_source = attrs.slots.contains_key("flake")
            && matches!(self.select(input, "flake"), Value::Bool(false));
        let folder = self.own_folder(input, dir);
        DeclaredInput {
            repo: folder.is_none().then(|| self.input_repo(input)).flatten(),
            folder,
            is_source,
            given,
            follows: self.followed(input),
        }
    }

    /// What an input follows: the path of names of another one.
    fn followed(&mut self, input: &Value) -> Option<Rc<str>> {
        match (input, self.select(input, "follows")) {
            (Value::Attrs(_), Value::Str(follows)) => Some(follows.text),
            _ => None,
        }
    }

    /// The folder that a URL such as `path:./lib` means in the flake of a folder.
    fn own_folder(&mut self, input: &Value, dir: &RepoPath) -> Option<RepoPath> {
        let Value::Attrs(attrs) = input else {
            return None;
        };
        let mut named = ["url", "path"].into_iter();
        let name = named.find(|name| attrs.slots.contains_key(*name))?;
        match self.select(input, name) {
            Value::Path(path) => files::within(&path),
            Value::Str(url) => {
                let (path, query) = url.text.split_once('?').unwrap_or((&*url.text, ""));
                let path = ["path:", "git+file:"]
                    .into_iter()
                    .find_map(|scheme| path.strip_prefix(scheme))
                    .unwrap_or(path);
                let is_own = path.starts_with('.') || (name == "path" && !path.starts_with('/'));
                let is_own = is_own || (url.text.starts_with("path:") && !path.starts_with('/'));
                let below = query.split('&').find_map(|part| part.strip_prefix("dir="));
                let path = format!("{}/{path}/{}", files::absolute(dir), below.unwrap_or("."));
                is_own
                    .then(|| files::within(&files::normal(&path)))
                    .flatten()
            }
            _ => None,
        }
    }

    /// The repository that an input's attributes name.
    pub(super) fn input_repo(&mut self, input: &Value) -> Option<String> {
        let Value::Attrs(attrs) = input else {
            return None;
        };
        let mut named = ["url", "path", "id"].into_iter();
        if let Some(name) = named.find(|name| attrs.slots.contains_key(*name)) {
            return match self.select(input, name) {
                Value::Str(url) if name == "path" => repo_of(&format!("path:{}", url.text)),
                Value::Str(url) => repo_of(&url.text),
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

/// The repository of what an input follows, through any number of them; the last name of
/// its path where that is an input of another flake.
fn repo_followed(all: &BTreeMap<Rc<str>, DeclaredInput>, name: &str) -> Option<String> {
    let mut path = all.get(name)?.follows.as_ref()?;
    for _ in 0..all.len() {
        match all.get(path).and_then(|input| input.follows.as_ref()) {
            Some(further) => path = further,
            None => break,
        }
    }
    let declared = all.get(path).and_then(|input| input.repo.clone());
    declared.or_else(|| path.rsplit('/').next().map(str::to_lowercase))
}
