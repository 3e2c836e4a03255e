//! The place of a host's module in the file that makes the host.

use std::ops::Range;

use rnix::SyntaxNode;
use rnix::ast;
use rowan::ast::AstNode;

use crate::flake::entry::entry_text::{EntryText, Position};
use crate::nix::{AttrPath, range_of};

/// Stands for the module in the text of a new file.
pub(super) const MODULE: &str = "\u{e001}";

/// The module of the sibling, as bytes of its file.
#[derive(Debug, Default)]
pub(super) struct Hole {
    /// The value that it is.
    pub(super) value: Option<Range<usize>>,
    /// The bindings that it is given in parts by, each with the bytes behind the names
    /// that lead to the module.
    pub(super) parts: Vec<(Range<usize>, Range<usize>)>,
    /// The names that lead to it.
    pub(super) path: Position,
}

impl Hole {
    /// Where the module at an attribute path of the file is.
    pub(super) fn at(entry: &EntryText, within: &str) -> Option<Self> {
        let names: AttrPath = within.parse().ok()?;
        let own = |name: &String| entry.masked_name(name).unwrap_or_else(|| name.clone());
        let path: Position = names.names().iter().map(own).collect();
        let mut hole = Self {
            path,
            ..Self::default()
        };
        for node in entry.nodes.iter().flat_map(SyntaxNode::descendants) {
            if let Some(binding) = ast::AttrpathValue::cast(node) {
                hole.look_at(entry, &binding);
            }
        }
        (hole.value.is_some() || !hole.parts.is_empty()).then_some(hole)
    }

    fn look_at(&mut self, entry: &EntryText, binding: &ast::AttrpathValue) {
        let (Some(path), Some(value)) = (binding.attrpath(), binding.value()) else {
            return;
        };
        let position = entry.position(value.syntax());
        let position = below_config(&position);
        if position == self.path {
            self.value.get_or_insert(range_of(value.syntax()));
            return;
        }
        let attrs: Vec<ast::Attr> = path.attrs().collect();
        let inner = position.len().saturating_sub(self.path.len());
        if position.starts_with(&self.path) && inner < attrs.len() {
            let whole = range_of(binding.syntax());
            let last = range_of(attrs[attrs.len() - inner - 1].syntax());
            self.parts.push((whole.clone(), last.end..whole.end));
        }
    }
}

/// The position without a `config` around it.
pub(super) fn below_config(position: &[String]) -> &[String] {
    match position.split_first() {
        Some((first, rest)) if first == "config" => rest,
        _ => position,
    }
}
