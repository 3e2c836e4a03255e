//! Which files of a module need which: paths in sources, followed to where a name is
//! defined.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenTree};

use super::source::{Source, behind_colons, is, is_module};

/// A path from the top of the crate.
type Path = Vec<String>;

/// All modules of the crate, and the names that they pass on with `pub use`.
pub(crate) struct Modules {
    all: BTreeSet<Path>,
    passed_on: BTreeMap<Path, Path>,
}

impl Modules {
    pub(crate) fn of(sources: &[Source]) -> Self {
        let mut modules = Self {
            all: sources
                .iter()
                .map(|source| source.modules.clone())
                .collect(),
            passed_on: BTreeMap::new(),
        };
        let mut passed_on = BTreeMap::new();
        for source in sources {
            for path in passed_on_by(source, &modules) {
                let name = path.last().unwrap().clone();
                passed_on.insert([&source.modules[..], &[name]].concat(), path);
            }
        }
        modules.passed_on = passed_on;
        modules
    }

    /// The module in whose file a path ends.
    pub(super) fn defining(&self, path: &[String]) -> Option<Path> {
        let depth = (1..=path.len())
            .rev()
            .find(|depth| self.all.contains(&path[..*depth]))?;
        let named = path.get(..=depth).and_then(|name| self.passed_on.get(name));
        match named {
            Some(origin) => {
                let path = [origin, &path[depth + 1..]].concat();
                self.defining(&path)
            }
            None => Some(path[..depth].to_vec()),
        }
    }
}

/// The statements `pub use …`, whatever stands in brackets behind `pub`.
fn passed_on_by(source: &Source, modules: &Modules) -> Vec<Path> {
    let mut found = Vec::new();
    for (at, token) in source.tokens.iter().enumerate() {
        if is(token, "use") && is_public(&source.tokens[..at]) {
            let statement = &source.tokens[at + 1..];
            let end = statement.iter().position(is_end).unwrap();
            paths_in(&statement[..end], &source.modules, modules, &mut found);
        }
    }
    found
}

fn is_end(token: &TokenTree) -> bool {
    token.to_string() == ";"
}

fn is_public(before: &[TokenTree]) -> bool {
    match before {
        [.., TokenTree::Ident(last)] => last == "pub",
        [.., keyword, TokenTree::Group(_)] => is(keyword, "pub"),
        _ => false,
    }
}

/// Adds every path that begins with `crate`, `self`, `super` or a module of this one.
/// What is only passed on is left out.
pub(super) fn paths_in(
    tokens: &[TokenTree],
    own: &[String],
    modules: &Modules,
    found: &mut Vec<Path>,
) {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let is_first = at == 0 || tokens[at - 1].to_string() != ":";
        match token {
            TokenTree::Ident(word) if word == "use" && is_public(&tokens[..at]) => {
                at += tokens[at..].iter().position(is_end).unwrap();
            }
            TokenTree::Ident(word) if is_first => {
                let start = start_of(&word.to_string(), own, modules);
                if let Some((start, rest)) = start.zip(rest_of_path(&tokens[at + 1..])) {
                    extend_path(start, rest, found);
                }
            }
            // What is public to whom is no import.
            TokenTree::Group(_) if at > 0 && is(&tokens[at - 1], "pub") => {}
            TokenTree::Group(group) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                let mut around = own.to_vec();
                if is_module(&tokens[..at], group) {
                    around.push(tokens[at - 1].to_string());
                }
                paths_in(&inner, &around, modules, found);
            }
            _ => {}
        }
        at += 1;
    }
}

fn start_of(name: &str, own: &[String], modules: &Modules) -> Option<Path> {
    match name {
        "crate" => Some(Vec::new()),
        "self" => Some(own.to_vec()),
        "super" => Some(own[..own.len().checked_sub(1)?].to_vec()),
        name => {
            let child = [own, &[name.to_owned()]].concat();
            modules.all.contains(&child).then_some(child)
        }
    }
}

/// What follows `::`.
fn rest_of_path(tokens: &[TokenTree]) -> Option<&[TokenTree]> {
    behind_colons(tokens).map(|_| &tokens[2..])
}

fn extend_path(mut path: Path, rest: &[TokenTree], found: &mut Vec<Path>) {
    match &rest[0] {
        TokenTree::Ident(name) => {
            match name.to_string().as_str() {
                "super" => drop(path.pop()),
                "self" => {}
                name => path.push(name.to_owned()),
            }
            match rest_of_path(&rest[1..]) {
                Some(rest) => extend_path(path, rest, found),
                None => found.push(path),
            }
        }
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
            let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
            let parts = tokens.split(|token| token.to_string() == ",");
            for part in parts.filter(|part| !part.is_empty()) {
                extend_path(path.clone(), part, found);
            }
        }
        // `*`, or the parameters of a type.
        _ => found.push(path),
    }
}
