//! A text that becomes a list of two, and one of the two that stays: how an inventory says
//! that something takes the place of something else.

use serde_json::Value;

use super::edit::{Done, TomlEdit, Uneditable};
use super::tree::Segment;
use super::{literal, verify};
use crate::text::TextEdit;

impl TomlEdit {
    /// Makes the text at the path the first item of a list of these two. Its own bytes stay:
    /// [`TomlEdit::unpair`] gives them back.
    pub(super) fn pair(&mut self, path: &[Segment], new: &[Value]) -> Done {
        let node = self.data.root.node(path).ok_or(Uneditable)?;
        let (Some(first), Some(range)) = (node.as_str(), node.range.clone()) else {
            return Err(Uneditable);
        };
        let [old, second] = new else {
            return Err(Uneditable);
        };
        if old.as_str() != Some(first) {
            return Err(Uneditable);
        }
        let behind = format!(", {}]", literal::toml(second));
        let edit = TextEdit::insert(range.start, "[").and(TextEdit::insert(range.end, behind));
        let list = Value::Array(new.to_vec());
        self.apply(&edit.map_err(|_| Uneditable)?, |all| {
            verify::with(all, path, list)
        })
    }

    /// Makes one item of the list at the path the value itself. Its bytes stay.
    pub(super) fn unpair(&mut self, path: &[Segment], old: &[Value], new: &str) -> Done {
        let index = old.iter().position(|item| item.as_str() == Some(new));
        let item = [path, &[Segment::Index(index.ok_or(Uneditable)?)]].concat();
        let range_of = |path: &[Segment]| self.data.root.node(path)?.range.clone();
        let (list, item) = range_of(path).zip(range_of(&item)).ok_or(Uneditable)?;
        let before = TextEdit::delete(list.start..item.start);
        let edit = before.and(TextEdit::delete(item.end..list.end));
        self.apply(&edit.map_err(|_| Uneditable)?, |all| {
            verify::with(all, path, new.into())
        })
    }
}
