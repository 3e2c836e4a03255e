//! Bindings of sets.

use std::ops::Range;

use rnix::ast;
use rowan::ast::AstNode;

use crate::nix::attr::AttrPath;
use crate::nix::edit::marker;
use crate::nix::find::Gap;
use crate::nix::layout;
use crate::nix::literal::Literal;
use crate::nix::place::RowPlace;
use crate::nix::range::range_of;
use crate::nix::rows::Rows;
use crate::text::TextEdit;

/// A list of one item where there was none, marked as ours.
///
/// Modules begin with their imports; other lists go where their siblings are.
pub(super) fn create_list(text: &str, gap: &Gap, item: &Literal) -> TextEdit {
    let Some(rows) = Rows::of_set(&gap.set) else {
        return TextEdit::empty();
    };
    let place = if gap.rest == ["imports"] {
        rows.first_place(text)
    } else {
        place_for(text, &rows, gap)
    };
    let path = AttrPath::new(gap.rest.clone());
    let binding = match place {
        RowPlace::Lines { .. } => {
            let step = step_in(text, &rows);
            format!("{path} = [\n{step}{item}\n];{}", marker::LINE)
        }
        RowPlace::Inline { .. } => format!("{path} = [ {item} ];{}", marker::INLINE),
    };
    place.insert(text, &binding, 0)
}

/// Takes a binding out, and the marker behind it.
pub(super) fn remove(
    text: &str,
    binding: &ast::AttrpathValue,
    marker: Option<&Range<usize>>,
) -> TextEdit {
    let own = range_of(binding.syntax());
    let set = binding
        .syntax()
        .parent()
        .and_then(|parent| Rows::of(&parent));
    let Some(mut rows) = set else {
        return TextEdit::empty();
    };
    let row = own.start..marker.map_or(own.end, |marker| marker.end);
    rows.each
        .iter_mut()
        .filter(|other| **other == own)
        .for_each(|other| *other = row.clone());
    rows.remove(text, &row, 0)
}

fn place_for(text: &str, rows: &Rows, gap: &Gap) -> RowPlace {
    match &gap.neighbour {
        Some(neighbour) => rows.place_after(text, &range_of(neighbour.syntax())),
        None => rows.last_place(text),
    }
}

/// One step of indentation, as the set's own rows show it against its brace.
fn step_in(text: &str, rows: &Rows) -> String {
    let outer = layout::indent_of_line(text, rows.end);
    rows.each
        .iter()
        .find(|row| layout::is_first_on_line(text, row.start))
        .and_then(|row| layout::indent_of_line(text, row.start).strip_prefix(outer))
        .filter(|step| !step.is_empty() && step.len() <= 8)
        .unwrap_or_else(|| layout::indent_step(text))
        .to_owned()
}
