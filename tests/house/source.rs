//! A source file of the crate as rustc reads it, without its test modules.

use std::collections::BTreeSet;
use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::paths::{Modules, paths_in};

/// What a file says outside of its test modules.
pub(crate) struct Source {
    pub(crate) path: PathBuf,
    /// The modules around it and its own, from the top of the crate.
    pub(crate) modules: Vec<String>,
    text: String,
    pub(super) tokens: Vec<TokenTree>,
    tests: Tests,
}

/// Test modules, by where they are.
#[derive(Default)]
struct Tests {
    /// Their lines in this file, counted from 1.
    lines: Vec<RangeInclusive<usize>>,
    /// Those with a file of their own.
    files: Vec<String>,
}

/// Every source below a folder that is no test module.
pub(crate) fn sources(folder: &Path) -> Vec<Source> {
    let mut found = Vec::new();
    collect(folder, folder, &mut found);
    assert!(found.len() > 20, "the sources were not found");
    let tests: BTreeSet<Vec<String>> = found.iter().flat_map(Source::test_files).collect();
    let is_test =
        |source: &Source| (1..=source.modules.len()).any(|n| tests.contains(&source.modules[..n]));
    found.retain(|source| !is_test(source));
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn collect(top: &Path, folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(top, &path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let modules = modules(path.strip_prefix(top).unwrap());
            found.push(Source::new(path, modules, text));
        }
    }
}

/// `lint/rules/mod.rs` → `lint`, `rules`.
fn modules(relative: &Path) -> Vec<String> {
    let parts = relative.with_extension("");
    let parts = parts.iter().map(|part| part.to_str().unwrap().to_owned());
    parts.filter(|part| part != "mod").collect()
}

impl Source {
    pub(crate) fn new(path: PathBuf, modules: Vec<String>, text: String) -> Self {
        let tokens: TokenStream = text
            .parse()
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut tests = Tests::default();
        let tokens = tests.taken_out_of(tokens);
        Self {
            path,
            modules,
            text,
            tokens,
            tests,
        }
    }

    /// The top-level module that the file belongs to.
    pub(crate) fn module(&self) -> &str {
        &self.modules[0]
    }

    /// The lines outside of test modules.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &str> {
        let is_test = |line: usize| self.tests.lines.iter().any(|range| range.contains(&line));
        let numbered = (1..).zip(self.text.lines());
        numbered.filter_map(move |(number, line)| (!is_test(number)).then_some(line))
    }

    /// Every top-level module that a path names.
    pub(crate) fn imports(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        named(&self.tokens, self.modules.len(), &mut found);
        found
    }

    /// The other modules of the same top-level module that the file needs, each as deep
    /// as a file goes. What a module passes on (`pub use`) is needed where it is defined.
    pub(crate) fn imported_modules(&self, all: &Modules) -> BTreeSet<Vec<String>> {
        let mut paths = Vec::new();
        paths_in(&self.tokens, &self.modules, all, &mut paths);
        let mut found: BTreeSet<_> = paths.iter().filter_map(|path| all.defining(path)).collect();
        found.retain(|path| path[0] == self.modules[0] && *path != self.modules);
        found
    }

    fn test_files(&self) -> Vec<Vec<String>> {
        let own = |name: &String| {
            let mut modules = self.modules.clone();
            modules.push(name.clone());
            modules
        };
        self.tests.files.iter().map(own).collect()
    }
}

impl Tests {
    /// The tokens without `#[cfg(test)] mod …`; where that was is noted.
    fn taken_out_of(&mut self, tokens: TokenStream) -> Vec<TokenTree> {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut kept = Vec::new();
        let mut rest = tokens.as_slice();
        while let [first, more @ ..] = rest {
            if let Some((module, after)) = test_module(rest) {
                self.note(&rest[..rest.len() - after.len()], module);
                rest = after;
            } else {
                kept.push(first.clone());
                rest = more;
            }
        }
        kept
    }

    fn note(&mut self, tokens: &[TokenTree], module: String) {
        let (first, last) = (tokens.first().unwrap(), tokens.last().unwrap());
        self.lines
            .push(first.span().start().line..=last.span().end().line);
        if !matches!(last, TokenTree::Group(_)) {
            self.files.push(module);
        }
    }
}

/// The name of the test module with which these tokens begin, and what is behind it.
fn test_module(tokens: &[TokenTree]) -> Option<(String, &[TokenTree])> {
    let (mut rest, mut is_test) = (tokens, false);
    while let [
        TokenTree::Punct(hash),
        TokenTree::Group(attribute),
        more @ ..,
    ] = rest
        && hash.as_char() == '#'
    {
        is_test |= attribute.stream().to_string() == "cfg (test)";
        rest = more;
    }
    let (name, more) = match rest {
        [keyword, name, more @ ..] if is_test && is(keyword, "mod") => (name, more),
        _ => return None,
    };
    Some((name.to_string(), &more[1..]))
}

/// Adds the modules that `crate::…` names, also in braces, and those that as many
/// `super` reach as the module is deep.
fn named(tokens: &[TokenTree], depth: usize, found: &mut BTreeSet<String>) {
    let mut supers = 0;
    let is_colon = |token: &TokenTree| token.to_string() == ":";
    for (at, token) in tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| !is_colon(token))
    {
        let behind = behind_colons(&tokens[at + 1..]);
        supers = match behind {
            Some(_) if is(token, "super") => supers + 1,
            _ => 0,
        };
        let is_top = is(token, "crate") || (supers > 0 && supers == depth);
        match behind {
            Some(TokenTree::Ident(name)) if is_top && name != "super" => {
                found.insert(name.to_string());
            }
            Some(TokenTree::Group(group)) if is_top => found.extend(firsts(group)),
            _ => {}
        }
        if let TokenTree::Group(group) = token {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            named(
                &inner,
                depth + usize::from(is_module(&tokens[..at], group)),
                found,
            );
        }
    }
}

/// What is behind `::`.
pub(super) fn behind_colons(tokens: &[TokenTree]) -> Option<&TokenTree> {
    match tokens {
        [TokenTree::Punct(one), TokenTree::Punct(two), next, ..] => {
            (one.as_char() == ':' && two.as_char() == ':').then_some(next)
        }
        _ => None,
    }
}

/// The first word of each part of `{a::b, c}`.
fn firsts(group: &Group) -> Vec<String> {
    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
    let is_comma = |token: &TokenTree| token.to_string() == ",";
    let parts = tokens.split(is_comma);
    let firsts = parts.filter_map(|part| part.first().map(ToString::to_string));
    firsts.filter(|first| first != "self").collect()
}

/// True if the group is the body of a module in the file.
pub(super) fn is_module(before: &[TokenTree], group: &Group) -> bool {
    let keyword = before.len().checked_sub(2).map(|at| &before[at]);
    group.delimiter() == Delimiter::Brace && keyword.is_some_and(|token| is(token, "mod"))
}

pub(super) fn is(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}
