//! What in a host's entry is the host's alone, found by comparing its siblings.

use std::collections::BTreeSet;

use rnix::ast::{self, HasEntry};
use rnix::{NodeOrToken, SyntaxKind, SyntaxNode};
use rowan::ast::AstNode;

use crate::flake::entry::siblings::Siblings;
use crate::nix::static_string;
use crate::repo::RepoPath;
use crate::text::rename_word;

/// The names of attributes that hold a host's name. An address may read like the name and
/// be none: `targetHost`.
pub(super) const NAME_KEYS: [&str; 4] = ["name", "host", "hostname", "hostName"];

/// Whether a part of a host's entry is carried over to that of a new host.
pub(super) enum CarryOver<T> {
    /// It is, as this.
    Kept(T),
    /// It is this host's, and other hosts do without.
    LeftOut,
    /// All hosts have it, each its own: a person must write it.
    Needed,
}

impl Siblings<'_> {
    /// The file or folder that a path literal in the entry names; `None` if it is computed.
    pub(super) fn target(&self, text: &str) -> Option<RepoPath> {
        let here = &self.host.entry.as_ref()?.file;
        if text.contains("${") {
            None
        } else {
            here.parent().join(text)
        }
    }

    /// True if this is the host's module, or the folder whose `default.nix` it is.
    pub(super) fn is_module(&self, target: &RepoPath) -> bool {
        self.host.module.as_ref().is_some_and(|module| {
            module == target || (module.file_name() == "default.nix" && module.parent() == *target)
        })
    }

    /// True if this host alone names the file.
    pub(super) fn is_specific(&self, target: &RepoPath) -> bool {
        let names = |node: &SyntaxNode| {
            paths(node)
                .iter()
                .any(|text| self.target(text).as_ref() == Some(target))
        };
        match self.others.as_slice() {
            [] => describes_a_machine(target.as_str()),
            others => !others.iter().any(|(_, node)| names(node)),
        }
    }

    /// True if an item of a list is not for other hosts.
    pub(super) fn stays_behind(&self, item: &SyntaxNode) -> bool {
        let text = item.text().to_string();
        if ast::PathRel::can_cast(item.kind())
            && let Some(path) = self.target(&text)
        {
            return !self.is_module(&path) && self.is_specific(&path);
        }
        let leads_to_module =
            |text: &String| self.target(text).is_some_and(|path| self.is_module(&path));
        if paths(item).iter().any(leads_to_module) {
            return false;
        }
        if text.contains("hardware") || self.others.is_empty() {
            return describes_a_machine(&text);
        }
        let own = plain(item, &self.host.name);
        !self
            .others
            .iter()
            .any(|(name, node)| items(node).any(|item| plain(&item, name) == own))
    }

    /// True if a string that reads like the host's name is something else: other
    /// hosts have it too.
    pub(super) fn is_common_word(&self, word: &str) -> bool {
        let strings = |node: &SyntaxNode| {
            node.descendants()
                .filter_map(ast::Str::cast)
                .filter_map(|s| static_string(&s))
                .any(|s| s == word)
        };
        self.others.iter().any(|(_, node)| strings(node))
    }

    /// The name of the host's module, where that is another than the host's: its folder
    /// or its file.
    pub(super) fn module_name(&self) -> Option<&str> {
        let module = self.host.module.as_ref()?;
        let stem = module.file_name().strip_suffix(".nix")?;
        let enters = matches!(stem, "default" | "configuration");
        if !enters {
            return Some(stem);
        }
        let (_, folder) = module
            .as_str()
            .trim_end_matches(module.file_name())
            .trim_end_matches('/')
            .rsplit_once('/')?;
        Some(folder)
    }

    /// Whether a plain value that is bound in the entry may be copied.
    pub(super) fn own_value(&self, binding: &ast::AttrpathValue) -> CarryOver<()> {
        let (Some(path), Some(value)) = (binding.attrpath(), binding.value()) else {
            return CarryOver::Kept(());
        };
        let Some(text) = plain_value(&value).filter(|text| !self.is_replaced(text)) else {
            return CarryOver::Kept(());
        };
        if self.others.is_empty() {
            return if is_address(&text) {
                CarryOver::Needed
            } else {
                CarryOver::Kept(())
            };
        }
        let key = path.to_string();
        let theirs: Vec<Option<String>> = self
            .others
            .iter()
            .map(|(_, node)| value_at(node, &key))
            .collect();
        if theirs.iter().flatten().any(|their| *their == text) {
            return CarryOver::Kept(());
        }
        if theirs.iter().any(Option::is_none) {
            CarryOver::LeftOut
        } else {
            CarryOver::Needed
        }
    }

    /// True if the new host gets its own text in the place of this one.
    fn is_replaced(&self, text: &str) -> bool {
        self.host.system.as_deref() == Some(text)
            || self.module_name() == Some(text)
            || rename_word(text, &self.host.name, "") != text
    }
}

/// The path literals below a node.
fn paths(node: &SyntaxNode) -> BTreeSet<String> {
    let paths = node
        .descendants()
        .filter(|node| ast::PathRel::can_cast(node.kind()));
    paths.map(|node| node.text().to_string()).collect()
}

/// The items of all lists below a node.
fn items(node: &SyntaxNode) -> impl Iterator<Item = SyntaxNode> {
    let lists = node.descendants().filter_map(ast::List::cast);
    lists.flat_map(|list| {
        list.items()
            .map(|item| item.syntax().clone())
            .collect::<Vec<_>>()
    })
}

/// The text of a node without blanks and comments, and without the host's name.
fn plain(node: &SyntaxNode, name: &str) -> String {
    let tokens = node
        .descendants_with_tokens()
        .filter_map(NodeOrToken::into_token);
    let words = tokens.filter(|t| {
        !matches!(
            t.kind(),
            SyntaxKind::TOKEN_WHITESPACE | SyntaxKind::TOKEN_COMMENT
        )
    });
    let text: Vec<String> = words.map(|token| token.text().to_owned()).collect();
    rename_word(&text.join(" "), name, "@")
}

/// A value that is written out: a string or a number.
fn plain_value(value: &ast::Expr) -> Option<String> {
    match value {
        ast::Expr::Str(string) => static_string(string),
        ast::Expr::Literal(literal) => Some(literal.to_string()),
        _ => None,
    }
}

/// The plain value that an entry binds to a path, anywhere in it.
fn value_at(node: &SyntaxNode, key: &str) -> Option<String> {
    let sets = node.descendants().filter_map(ast::AttrSet::cast);
    let mut bindings = sets.flat_map(|set| set.attrpath_values().collect::<Vec<_>>());
    let binding = bindings.find(|b| b.attrpath().is_some_and(|path| path.to_string() == key))?;
    binding
        .value()
        .map(|value| plain_value(&value).unwrap_or_else(|| value.to_string()))
}

/// True for words about one machine's hardware.
pub(super) fn describes_a_machine(text: &str) -> bool {
    let text = text.to_lowercase();
    ["hardware", "disk", "/dev/", "filesystems", "boot."]
        .iter()
        .any(|word| text.contains(word))
}

/// True for an address, a device or a key: no two hosts have the same.
pub(super) fn is_address(text: &str) -> bool {
    let numbers = text
        .split(['.', '/'])
        .filter(|part| part.parse::<u8>().is_ok())
        .count();
    let blocks = text.split(':').count();
    numbers >= 4
        || blocks >= 6
        || ["/dev/", "ssh-", "age1"]
            .iter()
            .any(|start| text.starts_with(start))
}
