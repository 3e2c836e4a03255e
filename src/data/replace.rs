//! Gives a key or a string another text, in the same quotes.

use super::tree::Segment;
use super::{Data, literal};
use crate::text::TextEdit;

impl Data {
    /// Gives a key another name wherever it is written.
    pub(crate) fn rename(&self, path: &[Segment], name: &str) -> Option<TextEdit> {
        let rename = |key: std::ops::Range<usize>| {
            let new = literal::key_like(name, &self.text[key.clone()]);
            TextEdit::replace(key, new)
        };
        if self.is_bracketed(path) {
            return self.key_range(path).map(rename);
        }
        let mut keys = self.statements.iter().filter_map(|one| one.key_of(path));
        keys.try_fold(TextEdit::empty(), |edit, key| edit.and(rename(key)).ok())
    }

    /// Gives a number another value.
    pub(crate) fn set_number(
        &self,
        path: &[Segment],
        number: &serde_json::Number,
    ) -> Option<TextEdit> {
        let range = self.root.node(path)?.range.clone()?;
        Some(TextEdit::replace(range, number.to_string()))
    }

    /// Gives a string another text.
    pub(crate) fn set_string(&self, path: &[Segment], text: &str) -> Option<TextEdit> {
        let range = self.root.node(path)?.range.clone()?;
        let new = literal::string_like(text, &self.text[range.clone()], self.format);
        Some(TextEdit::replace(range, new))
    }
}
