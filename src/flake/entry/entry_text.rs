//! What the entry of a host says, so that it can be compared with those of others.
//!
//! A value has a position: the attribute names, arguments and places in tuples that lead
//! to it. The host's own name is [`OWN`] in positions and values: what differs then is not
//! because of the name.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use rnix::ast::{self, HasEntry};
use rnix::{NodeOrToken, SyntaxKind, SyntaxNode};
use rowan::ast::AstNode;

use crate::nix::{Literal, static_name, static_string};
use crate::repo::RepoPath;
use crate::text::rename_word;

/// The place of a value in an entry.
pub(super) type Position = Vec<String>;

/// Stands for the host's own name; nobody writes it.
pub(super) const OWN: &str = "\u{e000}";

/// The entry of one host.
pub(super) struct EntryText {
    pub(super) host: String,
    /// The name of the host's module, where that is another.
    pub(super) alias: Option<String>,
    /// Where the entry is written.
    pub(super) file: RepoPath,
    /// The bindings, or the item, that are the entry.
    pub(super) nodes: Vec<SyntaxNode>,
    pub(super) read: OnceCell<Read>,
}

/// What an entry says, its host's name apart.
#[derive(Default)]
pub(super) struct Read {
    /// The values by their positions.
    pub(super) values: BTreeMap<Position, String>,
    /// The items of lists that are no tuples.
    pub(super) items: BTreeSet<String>,
    /// Where an attribute has the host's name.
    pub(super) names: BTreeSet<Position>,
}

impl EntryText {
    pub(super) fn new(
        host: &str,
        alias: Option<String>,
        file: &RepoPath,
        nodes: Vec<SyntaxNode>,
    ) -> Self {
        Self {
            host: host.to_owned(),
            alias,
            file: file.clone(),
            nodes,
            read: OnceCell::new(),
        }
    }

    pub(super) fn read(&self) -> &Read {
        self.read.get_or_init(|| {
            let mut read = Read::default();
            for node in self.nodes.iter().flat_map(SyntaxNode::descendants) {
                self.note(&node, &mut read);
            }
            read
        })
    }

    fn note(&self, node: &SyntaxNode, read: &mut Read) {
        if let Some(binding) = ast::AttrpathValue::cast(node.clone()) {
            if let Some(value) = binding.value().filter(|_| is_in_plain_set(node)) {
                self.note_value(value.syntax(), read);
            }
        } else if let Some(apply) = ast::Apply::cast(node.clone()) {
            if let Some(argument) = apply.argument() {
                self.note_value(argument.syntax(), read);
            }
        } else if let Some(list) = ast::List::cast(node.clone()) {
            for item in list.items() {
                if self.is_tuple(&list) {
                    self.note_value(item.syntax(), read);
                } else {
                    read.items.insert(self.plain(item.syntax()));
                }
            }
        } else if let Some(path) = ast::Attrpath::cast(node.clone()) {
            let own = path.attrs().filter(|attr| self.is_own_name(attr));
            read.names
                .extend(own.map(|attr| self.position(attr.syntax())));
        }
    }

    fn note_value(&self, value: &SyntaxNode, read: &mut Read) {
        read.values.insert(self.position(value), self.plain(value));
    }

    pub(super) fn is_own_name(&self, attr: &ast::Attr) -> bool {
        static_name(attr).is_some_and(|name| self.masked_name(&name).is_some())
    }

    /// The host's name, or a path that ends in it (`"hosts/pai"`), with [`OWN`] in its place.
    pub(super) fn masked_name(&self, name: &str) -> Option<String> {
        let folders = name.strip_suffix(&*self.host)?;
        let is_its = folders.is_empty() || folders.ends_with('/');
        is_its.then(|| format!("{folders}{OWN}"))
    }

    /// Arguments in a list, told apart by their places: one of them is the host's name.
    pub(super) fn is_tuple(&self, list: &ast::List) -> bool {
        let is_argument = list.syntax().parent().and_then(ast::Apply::cast);
        let is_own = |item: ast::Expr| match item {
            ast::Expr::Str(text) => {
                static_string(&text).is_some_and(|text| self.mask(&text) == OWN)
            }
            _ => false,
        };
        is_argument.is_some() && list.items().any(is_own)
    }

    /// A text with [`OWN`] for the host's name.
    pub(super) fn mask(&self, text: &str) -> String {
        if self.alias.as_deref() == Some(text) {
            return OWN.to_owned();
        }
        rename_word(text, &self.host, OWN)
    }

    /// The text of a node without blanks and comments, and without the host's name.
    pub(super) fn plain(&self, node: &SyntaxNode) -> String {
        if let Some(text) = ast::Str::cast(node.clone()).and_then(|text| static_string(&text)) {
            return Literal::string(&self.mask(&text)).to_string();
        }
        let tokens = node.descendants_with_tokens();
        let words = tokens.filter_map(NodeOrToken::into_token).filter(|token| {
            let kind = token.kind();
            kind != SyntaxKind::TOKEN_WHITESPACE && kind != SyntaxKind::TOKEN_COMMENT
        });
        let words: Vec<String> = words.map(|token| token.text().to_owned()).collect();
        self.mask(&words.join(" "))
    }

    /// The position of a value, or of a name in the path of a binding.
    pub(super) fn position(&self, node: &SyntaxNode) -> Position {
        let mut steps: Vec<Vec<String>> = Vec::new();
        let mut below = node.clone();
        while !self.nodes.contains(&below)
            && let Some(above) = below.parent()
        {
            if let Some(path) = ast::Attrpath::cast(above.clone()) {
                // The names up to this one are all of the way that the binding is.
                steps.push(self.names(&path, Some(&below)));
                below = above.parent().unwrap_or(above);
                continue;
            }
            steps.push(self.step(&above, &below));
            below = above;
        }
        steps.reverse();
        steps.concat()
    }

    /// What leads from a node to the one right below it.
    fn step(&self, above: &SyntaxNode, below: &SyntaxNode) -> Vec<String> {
        if let Some(binding) = ast::AttrpathValue::cast(above.clone()) {
            let path = binding.attrpath();
            return path.map(|path| self.names(&path, None)).unwrap_or_default();
        }
        if let Some(list) = ast::List::cast(above.clone()) {
            let index = list.items().position(|item| item.syntax() == below);
            return match index.filter(|_| self.is_tuple(&list)) {
                Some(index) => vec![(index + 1).to_string()],
                None => vec!["[]".to_owned()],
            };
        }
        match ast::Apply::cast(above.clone()) {
            Some(apply) if apply.argument().is_some_and(|a| a.syntax() == below) => {
                vec![(arguments_before(&apply) + 1).to_string()]
            }
            _ => Vec::new(),
        }
    }

    fn names(&self, path: &ast::Attrpath, last: Option<&SyntaxNode>) -> Vec<String> {
        let mut names = Vec::new();
        for attr in path.attrs() {
            let name = static_name(&attr).unwrap_or_else(|| attr.to_string());
            names.push(self.masked_name(&name).unwrap_or(name));
            if last == Some(attr.syntax()) {
                break;
            }
        }
        names
    }
}

/// How many arguments a function has got before this one.
fn arguments_before(apply: &ast::Apply) -> usize {
    let mut count = 0;
    let mut function = apply.lambda();
    while let Some(ast::Expr::Apply(inner)) = function {
        count += 1;
        function = inner.lambda();
    }
    count
}

/// What a `let` or a `rec` set binds is used elsewhere in the entry.
pub(super) fn is_plain_set(node: &SyntaxNode) -> bool {
    ast::AttrSet::cast(node.clone()).is_some_and(|set| set.rec_token().is_none())
}

fn is_in_plain_set(binding: &SyntaxNode) -> bool {
    binding.parent().is_some_and(|set| is_plain_set(&set))
}

/// The bindings that make the same attribute as this one, where it is written in parts:
/// `pai.ip = …; pai.kind = …;`; else the node alone.
pub(super) fn parts(node: &SyntaxNode, host: &str) -> Vec<SyntaxNode> {
    let lone = || vec![node.clone()];
    let names = |binding: &ast::AttrpathValue| -> Option<Vec<String>> {
        let path = binding.attrpath()?;
        path.attrs().map(|attr| static_name(&attr)).collect()
    };
    let own = ast::AttrpathValue::cast(node.clone()).and_then(|binding| names(&binding));
    let at = own
        .as_ref()
        .and_then(|own| own.iter().position(|name| name == host));
    let (Some(own), Some(at)) = (own, at) else {
        return lone();
    };
    let set = node.parent().and_then(ast::AttrSet::cast);
    let Some(set) = set.filter(|_| at + 1 < own.len()) else {
        return lone();
    };
    let is_part = |binding: &ast::AttrpathValue| {
        names(binding).is_some_and(|names| names.len() > at + 1 && names[..=at] == own[..=at])
    };
    let parts = set.attrpath_values().filter(is_part);
    parts.map(|binding| binding.syntax().clone()).collect()
}
