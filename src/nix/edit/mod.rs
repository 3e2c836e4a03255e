//! Changes of a Nix file as text edits: *ensure* rather than *insert*, so that
//! doing it twice is doing it once.
//!
//! Each edit is the smallest that says what is wanted. What was added can be
//! taken out again byte for byte, and the text alone says what that was: a list
//! that had to be created is followed by a comment `larder`.
//!
//! Absent: reformatting, evaluation, and any edit of a value that people gave.

mod entry;
mod expand;
mod item;
mod list;
mod marker;
mod refuse;
mod set;
mod take;
mod verify;

use rnix::ast;

use crate::nix::file::NixFile;
use crate::nix::refusal::Refusal;
use crate::text::TextEdit;

pub use entry::{insert_after, remove_all, remove_at};
pub use item::{Style, ensure_item, ensure_item_in, ensure_no_item, remove_item_at};
pub use take::{Piece, take_out};
pub use verify::verify;

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
