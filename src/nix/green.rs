//! The tree as it is stored: for what must be seen in every file, and is hardly ever
//! there. A cursor of each node costs more than the look.

use rnix::ast::AttrpathValue;
use rnix::{NixLanguage, SyntaxKind};
use rowan::ast::AstNode;
use rowan::{GreenNodeData, GreenTokenData, Language, NodeOrToken};

/// The names that a binding defines; `None` if one of them is quoted or computed.
pub fn plain_names(binding: &AttrpathValue) -> Option<Vec<&str>> {
    let path = of_kind(binding.syntax().green(), SyntaxKind::NODE_ATTRPATH).next()?;
    nodes(path).map(plain_name).collect()
}

/// A name as it is written, if that is what it means.
pub(in crate::nix) fn plain_name(attr: &GreenNodeData) -> Option<&str> {
    if kind_of(attr) != SyntaxKind::NODE_IDENT {
        return None;
    }
    let mut tokens = attr.children().filter_map(NodeOrToken::into_token);
    tokens.next().map(GreenTokenData::text)
}

/// The children of one kind.
pub(in crate::nix) fn of_kind(
    node: &GreenNodeData,
    kind: SyntaxKind,
) -> impl Iterator<Item = &GreenNodeData> {
    nodes(node).filter(move |child| kind_of(child) == kind)
}

/// The children that are no tokens.
pub(in crate::nix) fn nodes(node: &GreenNodeData) -> impl Iterator<Item = &GreenNodeData> {
    node.children().filter_map(NodeOrToken::into_node)
}

/// A node and all below it that have something in them: no names, no numbers.
pub(in crate::nix) fn descendants(root: &GreenNodeData) -> impl Iterator<Item = &GreenNodeData> {
    let is_leaf = |kind| matches!(kind, SyntaxKind::NODE_IDENT | SyntaxKind::NODE_LITERAL);
    let mut todo = vec![root];
    std::iter::from_fn(move || {
        let node = todo.pop()?;
        todo.extend(nodes(node).filter(|child| !is_leaf(kind_of(child))));
        Some(node)
    })
}

/// What a node is.
pub(in crate::nix) fn kind_of(node: &GreenNodeData) -> SyntaxKind {
    NixLanguage::kind_from_raw(node.kind())
}
