//! Entries whose `=` stand in one column.

use rnix::{NodeOrToken, SyntaxKind, SyntaxNode};

use crate::flake::entry::siblings::Siblings;
use crate::nix::range_of;

/// The text of a new entry, its first `=` in the column of the siblings' if those have
/// theirs in one that not all names reach by themselves.
pub(super) fn aligned(source: &str, siblings: &Siblings, text: &str) -> String {
    let entries = siblings.others.iter().chain([&siblings.own]);
    let nodes: Vec<&SyntaxNode> = entries.flat_map(|entry| &entry.nodes).collect();
    let places: Option<Vec<EqualsSign>> = nodes
        .iter()
        .map(|node| EqualsSign::of(source, node))
        .collect();
    let places = places.unwrap_or_default();
    let column = match places.as_slice() {
        [first, rest @ ..] if rest.iter().all(|place| place.column == first.column) => first.column,
        _ => return unpadded(text),
    };
    if places.len() < 2 || places.iter().all(|place| !place.is_padded) {
        return text.to_owned();
    }
    match text.split_once('=') {
        Some((name, value)) => format!("{:column$}={value}", padded(name)),
        None => text.to_owned(),
    }
}

/// Without the blanks that reach for the column of a sibling.
fn unpadded(text: &str) -> String {
    match text.split_once('=') {
        Some((name, value)) if name.ends_with("  ") => format!("{}={value}", padded(name)),
        _ => text.to_owned(),
    }
}

fn padded(name: &str) -> String {
    format!("{} ", name.trim_end())
}

/// Where the `=` of a binding stands.
struct EqualsSign {
    /// How far behind the begin of the binding.
    column: usize,
    is_padded: bool,
}

impl EqualsSign {
    /// `None` if it is no binding that begins a line.
    fn of(source: &str, node: &SyntaxNode) -> Option<Self> {
        let start = range_of(node).start;
        let line = source[..start].rfind('\n').map_or(0, |at| at + 1);
        let tokens = node
            .children_with_tokens()
            .filter_map(NodeOrToken::into_token);
        let mut tokens = tokens.filter(|token| token.kind() == SyntaxKind::TOKEN_ASSIGN);
        let name = &source[start..tokens.next()?.text_range().start().into()];
        let is_alone = source[line..start].trim().is_empty() && !name.contains('\n');
        is_alone.then(|| Self {
            column: name.chars().count(),
            is_padded: name.ends_with("  "),
        })
    }
}
