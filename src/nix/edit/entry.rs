//! Entries beside entries that people wrote: a host in a flake's set, a row in a table.

use std::ops::Range;

use crate::nix::edit::checked;
use crate::nix::file::NixFile;
use crate::nix::layout;
use crate::nix::place::RowPlace;
use crate::nix::refusal::Refusal;
use crate::nix::rows::Rows;
use crate::nix::tokens;
use crate::text::TextEdit;

/// Puts an entry (a binding with its `;`, or a list item) behind its sibling.
///
/// `text` is laid out for column 0; it is moved to the sibling's column, gets
/// the blank lines that stand between the siblings, and goes behind the comment
/// on the sibling's line. Within a line it becomes one line if it can.
///
/// # Errors
/// When no entry of a list, set or `let` is at exactly these bytes.
pub fn insert_after(
    file: &NixFile,
    sibling: Range<usize>,
    text: &str,
) -> Result<TextEdit, Refusal> {
    let (rows, index) = row_at(file, &sibling)?;
    let source = file.text();
    let place = own_lines_after(source, &rows, &sibling);
    let edit = match place {
        RowPlace::Lines { .. } => place.insert(source, text, rows.separation(source, index, None)),
        RowPlace::Inline { .. } => place.insert(source, &one_line(text), 0),
    };
    checked(file, edit)
}

/// Takes an entry of a list, set or `let` out: the inverse of [`insert_after`].
///
/// Comments around it stay.
///
/// # Errors
/// When no entry is at exactly these bytes.
pub fn remove_at(file: &NixFile, entry: Range<usize>) -> Result<TextEdit, Refusal> {
    let (rows, index) = row_at(file, &entry)?;
    let source = file.text();
    let blank_lines = index
        .checked_sub(1)
        .map_or(0, |previous| rows.separation(source, previous, Some(index)));
    checked(file, rows.remove(source, &entry, blank_lines))
}

/// Takes several entries out, each as [`remove_at`] does.
///
/// # Errors
/// When no entry is at the bytes of one of them.
pub fn remove_all(file: &NixFile, entries: &[Range<usize>]) -> Result<TextEdit, Refusal> {
    let mut all = TextEdit::empty();
    for entry in entries {
        let edit = remove_at(file, entry.clone())?;
        let overlap = |_| Refusal::new("the entries are not apart here", entry.clone());
        all = all.and(edit).map_err(overlap)?;
    }
    Ok(all)
}

pub(super) fn row_at(file: &NixFile, range: &Range<usize>) -> Result<(Rows, usize), Refusal> {
    file.node_at(range)
        .into_iter()
        .flat_map(|node| node.ancestors().collect::<Vec<_>>())
        .filter_map(|node| Rows::of(&node))
        .find_map(|rows| rows.index_of(range).map(|index| (rows, index)))
        .ok_or_else(|| Refusal::new("expected an entry of a list or set here", range.clone()))
}

/// Lines of its own if the sibling begins a line, even where a bracket closes on it.
fn own_lines_after(text: &str, rows: &Rows, sibling: &Range<usize>) -> RowPlace {
    let place = rows.place_after(text, sibling);
    let is_last = rows.each.last() == Some(sibling);
    match place {
        RowPlace::Inline { at, .. } if is_last && layout::is_first_on_line(text, sibling.start) => {
            RowPlace::Lines {
                at,
                line_break: layout::line_break(text, layout::line_end(text, at)),
                indent: layout::column_indent(text, sibling.start),
            }
        }
        place => place,
    }
}

/// On one line, if no comment or string stands against it.
fn one_line(text: &str) -> String {
    let joined = text.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    let same = tokens::tokens_equal(text, &joined) && !text.contains('#');
    if same { joined } else { text.to_owned() }
}
