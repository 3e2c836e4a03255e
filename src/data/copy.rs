//! A copy of an entry, edited as a text of its own.

use serde_json::Value;

use super::statements::Statement;
use super::tree::{Segment, at};
use super::{Data, DataFormat};
use crate::text::TextEdit;
use crate::text::by_line::{is_blank, line_at, line_end};

/// A copy of an entry that is to be put beside the original. It has no comments: they
/// are about the original.
#[derive(Debug, Clone)]
pub(crate) struct EntryCopy {
    data: Data,
    /// The path of the entry in it.
    path: Vec<Segment>,
    /// How many of its bytes are the header above the entry, and not the entry's.
    header: usize,
}

impl Data {
    /// A copy of the entry at the path; `None` if its form does not allow that.
    pub(crate) fn copy(&self, path: &[Segment]) -> Option<EntryCopy> {
        let copy = if self.is_bracketed(path) {
            self.copy_item(path)?
        } else {
            self.copy_lines(path)?
        };
        copy.without_comments()
    }

    fn copy_item(&self, path: &[Segment]) -> Option<EntryCopy> {
        let last = path.last()?.clone();
        let range = match &last {
            Segment::Key(_) => {
                let member = self.root.member(path)?;
                member.key.start..member.value.range.as_ref()?.end
            }
            Segment::Index(_) => self.root.node(path)?.range.clone()?,
        };
        let text = self.text.get(range)?;
        let first = Segment::Index(0);
        let (text, path) = match (self.format, last) {
            (DataFormat::Json, key @ Segment::Key(_)) => (format!("{{{text}}}"), vec![key]),
            (DataFormat::Json, Segment::Index(_)) => (format!("[{text}]"), vec![first]),
            (DataFormat::Toml, key @ Segment::Key(_)) => (text.to_owned(), vec![key]),
            (DataFormat::Toml, Segment::Index(_)) => {
                let path = vec![Segment::key("x"), first];
                (format!("x = [{text}]"), path)
            }
        };
        let data = self.reparse(&text)?;
        let header = 0;
        Some(EntryCopy { data, path, header })
    }

    fn copy_lines(&self, path: &[Segment]) -> Option<EntryCopy> {
        let first = self.statements_of(path).next()?;
        let has_headers = self.statements_of(path).any(|one| one.is_header);
        let lines = self.lines_of(path);
        let is_index = |segment: &&Segment| matches!(segment, Segment::Index(_));
        // Only what is made of headers alone can be put together from several places.
        if path.iter().filter(is_index).count() > 1
            || (!first.is_header && (has_headers || lines.len() > 1))
        {
            return None;
        }
        let end = line_end(&self.text);
        let ended = |lines: &str| {
            let is_ended = lines.ends_with('\n');
            format!("{lines}{}", if is_ended { "" } else { end })
        };
        let header = match self.header_above(first) {
            Some(above) => ended(&self.text[line_at(&self.text, above.range.start)]),
            None => String::new(),
        };
        let parts: Vec<String> = lines.into_iter().map(|l| ended(&self.text[l])).collect();
        let alone = |segment: &Segment| match segment {
            Segment::Index(_) => Segment::Index(0),
            key @ Segment::Key(_) => key.clone(),
        };
        Some(EntryCopy {
            data: self.reparse(&format!("{header}{}", parts.join(end)))?,
            path: path.iter().map(alone).collect(),
            header: header.len(),
        })
    }

    /// The header of the table that an assignment is in.
    fn header_above(&self, assignment: &Statement) -> Option<&Statement> {
        let path = &assignment.path[..assignment.depth_of_header()];
        let mut headers = self.statements.iter().filter(|one| one.is_header);
        headers.find(|one| !assignment.is_header && one.path == path)
    }
}

impl EntryCopy {
    /// The value of the entry.
    pub(crate) fn value(&self) -> Option<Value> {
        at(&self.data.value(), &self.path).cloned()
    }

    /// The key of the entry, or that it is an item.
    pub(super) fn segment(&self) -> Option<&Segment> {
        self.path.last()
    }

    /// Takes a part of the entry out.
    pub(crate) fn remove(&mut self, part: &[Segment]) -> Option<()> {
        self.edit(part, Data::removed)
    }

    /// Gives a string in the entry another text.
    pub(crate) fn set_string(&mut self, part: &[Segment], text: &str) -> Option<()> {
        self.edit(part, |data, path| data.set_string(path, text))
    }

    /// Gives a number in the entry another value.
    pub(crate) fn set_number(
        &mut self,
        part: &[Segment],
        number: &serde_json::Number,
    ) -> Option<()> {
        self.edit(part, |data, path| data.set_number(path, number))
    }

    /// Gives a key in the entry another name; the entry's own at the empty path.
    pub(crate) fn rename(&mut self, part: &[Segment], name: &str) -> Option<()> {
        self.edit(part, |data, path| data.rename(path, name))?;
        if let (true, Some(Segment::Key(key))) = (part.is_empty(), self.path.last_mut()) {
            *key = name.into();
        }
        Some(())
    }

    /// A part of the entry as it is written.
    pub(crate) fn text_of(&self, part: &[Segment]) -> Option<&str> {
        let range = self.data.range(&[&self.path, part].concat())?;
        self.data.text.get(range)
    }

    /// The entry as it is put beside the original.
    pub(crate) fn text(&self) -> Option<&str> {
        let data = &self.data;
        if data.is_bracketed(&self.path) || self.is_member() {
            return data.text.get(data.range(&self.path)?);
        }
        let mut text = data.text.get(self.header..)?;
        while let Some(line) = text
            .split_inclusive('\n')
            .next()
            .filter(|line| is_blank(line))
        {
            text = &text[line.len()..];
        }
        Some(text)
    }

    /// The value is compared with what it should be once the copy is put in.
    fn edit(
        &mut self,
        part: &[Segment],
        edit: impl FnOnce(&Data, &[Segment]) -> Option<TextEdit>,
    ) -> Option<()> {
        let path = [&self.path, part].concat();
        let text = edit(&self.data, &path)?.apply(&self.data.text);
        self.data = self.data.reparse(&text)?;
        Some(())
    }

    fn without_comments(mut self) -> Option<Self> {
        let mut comments = self.data.comments().into_iter();
        let edit = comments.try_fold(TextEdit::empty(), |edit, comment| {
            edit.and(TextEdit::delete(comment)).ok()
        })?;
        let front = edit
            .patches()
            .iter()
            .filter(|patch| patch.range.end <= self.header);
        self.header -= front.map(|patch| patch.range.len()).sum::<usize>();
        self.data = self.data.reparse(&edit.apply(&self.data.text))?;
        Some(self)
    }

    /// A member of braces: copied, it is an assignment without a line end.
    fn is_member(&self) -> bool {
        !self.data.text.ends_with('\n')
    }
}
