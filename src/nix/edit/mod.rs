//! Changes of a Nix file as text edits: *ensure* rather than *insert*, so that
//! doing it twice is doing it once.
//!
//! Each edit is the smallest that says what is wanted. What was added can be
//! taken out again byte for byte, and the text alone says what that was: a list
//! that had to be created is followed by a comment `larder`.
//!
//! Absent: reformatting, evaluation, and any edit of a value that people gave.

mod entry;
mod item;
mod list;
mod marker;
mod refuse;
mod set;
mod take;
mod verify;

use std::ops::Range;

use rnix::ast;
use rowan::ast::AstNode;

use crate::nix::attr::AttrPath;
use crate::nix::file::{NixFile, range_of};
use crate::nix::find::{self, Lookup};
use crate::nix::refusal::Refusal;
use crate::nix::scope::Scope;
use crate::text::TextEdit;

pub use entry::{insert_after, insert_first, remove_at};
pub use item::{ensure_item, ensure_no_item, has_item};
pub use set::{ensure_set, ensure_unset};
pub use take::{Piece, take_out};
pub use verify::{Damage, verify};

/// Where an attribute path is bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The whole of it, `;` included.
    pub range: Range<usize>,
    /// The value.
    pub value: Range<usize>,
}

/// The binding of a path, however its sets are nested and its names are spelt.
///
/// `None` where it is absent, or where the text does not tell.
pub fn get(file: &NixFile, scope: &Scope, at: &AttrPath) -> Option<Binding> {
    let body = scope.body(file).ok()?;
    match find::lookup(&body, &scope.names(&body, at)) {
        Lookup::Bound { binding, value } => Some(Binding {
            range: range_of(binding.syntax()),
            value: range_of(value.syntax()),
        }),
        Lookup::Absent(_) | Lookup::Blocked(_) => None,
    }
}

/// The expression that a literal is.
fn parsed(literal: &crate::nix::literal::Literal) -> ast::Expr {
    NixFile::parse(literal.as_str())
        .expect("a literal is Nix")
        .expr()
}

/// Lets an edit out only if what it makes is Nix, with all that was there.
fn checked(file: &NixFile, edit: TextEdit) -> Result<TextEdit, Refusal> {
    let Some(first) = edit.patches().first() else {
        return Ok(edit);
    };
    let range = first.range.clone();
    match verify(file, &edit.apply(file.text())) {
        Ok(_) => Ok(edit),
        Err(damage) => Err(Refusal::new(
            format!("larder found no safe way to edit this place ({damage})"),
            range,
        )),
    }
}
