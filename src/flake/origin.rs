//! The line that makes a host.

use rnix::SyntaxNode;
use rnix::ast;
use rowan::ast::AstNode;

use crate::flake::discovery::{EntryKind, FlakeEntry};
use crate::flake::eval::value::{FileSpan, Origin};
use crate::nix::range_of;
use crate::repo::{Repo, RepoPath};

/// The entry of a host by the origin of its name; for a name in a row of a list, the
/// row.
pub(super) fn entry_of(repo: &Repo, origin: &Origin) -> FlakeEntry {
    let nowhere = |file: &RepoPath| FileSpan {
        file: file.clone(),
        range: 0..0,
    };
    let (kind, span) = match origin {
        Origin::Binding(span) => (EntryKind::Binding, span.clone()),
        Origin::Text(span) | Origin::Set(span) | Origin::Part(span, _) => item_of(repo, span),
        Origin::Absent(set, _) => return entry_of(repo, set),
        Origin::Dir(path) => (EntryKind::Directory, nowhere(path)),
        Origin::File(path) => (EntryKind::Data, nowhere(path)),
        Origin::Data(span) => (EntryKind::Data, span.clone()),
    };
    FlakeEntry {
        file: span.file,
        range: span.range,
        kind,
    }
}

/// The item of a list that a name is in; the name itself if it is in none.
fn item_of(repo: &Repo, name: &FileSpan) -> (EntryKind, FileSpan) {
    let file = repo.nix(&name.file).and_then(Result::ok);
    let node = file.and_then(|nix| nix.node_at(&name.range));
    let Some((node, item)) = node.and_then(|node| Some((node.clone(), item_around(node)?))) else {
        return (EntryKind::Name, name.clone());
    };
    let kind = if item == node {
        EntryKind::Name
    } else {
        EntryKind::Row
    };
    let (file, range) = (name.file.clone(), range_of(&item));
    (kind, FileSpan { file, range })
}

fn item_around(mut node: SyntaxNode) -> Option<SyntaxNode> {
    let is_within_row = [
        ast::AttrpathValue::can_cast,
        ast::AttrSet::can_cast,
        ast::Paren::can_cast,
        ast::Apply::can_cast,
    ];
    loop {
        let above = node.parent()?;
        if ast::List::can_cast(above.kind()) {
            return Some(node);
        }
        if !is_within_row.iter().any(|can_cast| can_cast(above.kind())) {
            return None;
        }
        node = above;
    }
}
