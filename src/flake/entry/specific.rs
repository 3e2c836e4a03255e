//! What in a host's entry is the host's alone, found by comparing its siblings.

use rnix::SyntaxNode;
use rnix::ast;
use rowan::ast::AstNode;

use crate::flake::discovery::EntryKind;
use crate::flake::entry::entry_text::{EntryText, OWN};
use crate::flake::entry::siblings::Siblings;
use crate::nix::{range_of, static_string};
use crate::repo::RepoPath;

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
        target(&self.own, text)
    }

    /// True if this is the host's module, or the folder whose `default.nix` it is.
    pub(super) fn is_module(&self, target: &RepoPath) -> bool {
        self.host.module.as_ref().is_some_and(|module| {
            module == target || (module.file_name() == "default.nix" && module.parent() == *target)
        })
    }

    /// True if this host alone names the file.
    pub(super) fn is_specific(&self, file: &RepoPath) -> bool {
        let names = |entry: &EntryText| {
            paths(&entry.nodes).any(|text| target(entry, &text).as_ref() == Some(file))
        };
        match self.others.as_slice() {
            [] => describes_a_machine(file.as_str()),
            others => !others.iter().any(names),
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
            |text: String| self.target(&text).is_some_and(|path| self.is_module(&path));
        if paths(std::slice::from_ref(item)).any(leads_to_module) {
            return false;
        }
        if text.contains("hardware") || self.others.is_empty() {
            return describes_a_machine(&text);
        }
        let own = self.own.plain(item);
        !self
            .others
            .iter()
            .any(|other| other.read().items.contains(&own))
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
        let mut others = self.others.iter().flat_map(|other| &other.nodes);
        others.any(strings)
    }

    /// True if an attribute with the host's name is there for the name, and not called so
    /// by chance: others have one with their own name there.
    pub(super) fn is_named_after_host(&self, attr: &ast::Attr) -> bool {
        let position = self.own.position(attr.syntax());
        let mut others = self.others.iter();
        others.any(|other| other.read().names.contains(&position))
    }

    /// True if this is a name of the binding that makes the host.
    pub(super) fn makes_host(&self, attr: &ast::Attr) -> bool {
        let entry = self.host.entry.as_ref();
        let binding = attr.syntax().ancestors().find_map(ast::AttrpathValue::cast);
        let range = binding.map(|binding| range_of(binding.syntax()));
        entry.is_some_and(|entry| Some(&entry.range) == range.as_ref())
    }

    /// True for a binding of a file that makes the host by its name, where the binding says
    /// nothing of the host and no other file says the same.
    pub(super) fn is_about_another(&self, binding: &SyntaxNode, value: &ast::Expr) -> bool {
        let entry = self.host.entry.as_ref();
        if entry.is_none_or(|entry| entry.kind != EntryKind::Binding) {
            return false;
        }
        let position = self.own.position(value.syntax());
        let is_of_host = position.iter().any(|name| name == OWN)
            || self.own.mask(&binding.text().to_string()).contains(OWN);
        let plain = self.own.plain(value.syntax());
        let says_it = |other: &EntryText| other.read().values.get(&position) == Some(&plain);
        !is_of_host && !self.others.iter().any(says_it)
    }

    /// Whether a function in the file of a host, a module of it most likely, is for others:
    /// what each has for itself is empty at first.
    pub(super) fn own_module(&self, value: &ast::Expr) -> CarryOver<Option<String>> {
        let plain = self.own.plain(value.syntax());
        let position = self.own.position(value.syntax());
        let values = self
            .others
            .iter()
            .map(|other| other.read().values.get(&position));
        let theirs: Vec<Option<&String>> = values.collect();
        if theirs.iter().flatten().any(|their| **their == plain) {
            return CarryOver::Kept(None);
        }
        if theirs.is_empty() || theirs.iter().any(Option::is_none) {
            return CarryOver::LeftOut;
        }
        CarryOver::Kept(Some("{ }".to_owned()))
    }

    /// Whether a plain value of the entry is for the new host as well. `is_model`: a person
    /// has named this sibling as the one to go by.
    pub(super) fn own_value(
        &self,
        value: &ast::Expr,
        text: &str,
        is_model: bool,
    ) -> CarryOver<Option<String>> {
        let plain = self.own.plain(value.syntax());
        if self.others.is_empty() {
            let is_own = is_address(text) || is_domain(&self.own.mask(text));
            return if is_own {
                CarryOver::Needed
            } else {
                CarryOver::Kept(None)
            };
        }
        let position = self.own.position(value.syntax());
        let values = self
            .others
            .iter()
            .map(|other| other.read().values.get(&position));
        let theirs: Vec<Option<&String>> = values.collect();
        if is_domain(&self.own.mask(text)) {
            return if theirs.iter().all(Option::is_some) {
                CarryOver::Needed
            } else {
                CarryOver::LeftOut
            };
        }
        if theirs.iter().flatten().any(|their| **their == plain) || self.own.mask(text) != text {
            return CarryOver::Kept(None);
        }
        if theirs.iter().any(Option::is_none) {
            return CarryOver::LeftOut;
        }
        let have: Vec<&String> = theirs.into_iter().flatten().collect();
        match usual(&have) {
            Some(_) if is_model => CarryOver::Kept(None),
            Some(usual) => CarryOver::Kept(Some(usual.clone())),
            None => CarryOver::Needed,
        }
    }
}

/// The value that most of some have.
fn usual<'v>(values: &[&'v String]) -> Option<&'v String> {
    let count = |value: &String| values.iter().filter(|other| **other == value).count();
    let best = values.iter().max_by_key(|value| count(value))?;
    (count(best) > 1 && count(best) * 2 > values.len()).then_some(*best)
}

fn target(entry: &EntryText, text: &str) -> Option<RepoPath> {
    if text.contains("${") {
        None
    } else {
        entry.file.parent().join(text)
    }
}

/// The path literals below some nodes.
fn paths(nodes: &[SyntaxNode]) -> impl Iterator<Item = String> {
    let below = nodes.iter().flat_map(SyntaxNode::descendants);
    let paths = below.filter(|node| ast::PathRel::can_cast(node.kind()));
    paths.map(|node| node.text().to_string())
}

/// A value that is written out: a string or a number.
pub(super) fn plain_value(value: &ast::Expr) -> Option<String> {
    match value {
        ast::Expr::Str(string) => static_string(string),
        ast::Expr::Literal(literal) => Some(literal.to_string()),
        ast::Expr::UnaryOp(negative) => Some(negative.to_string()),
        _ => None,
    }
}

/// True for a name in the network that has the host's name ([`OWN`]) as a label: where a
/// machine is reached is not told by what it is called.
pub(super) fn is_domain(text: &str) -> bool {
    let mut labels = text.split('.');
    let is_label =
        |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    text.contains('.')
        && text.split('.').any(|label| label == OWN)
        && labels.all(|label| label == OWN || is_label(label))
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
