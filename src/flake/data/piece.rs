//! An entry cut out of a file, as a file of its own.

use std::ops::Range;

use serde_json::Value;

use super::statements::Statement;
use super::tree::{Kind, Node, Step, at};
use super::{Data, Format};
use crate::text::TextEdit;
use crate::text::by_line::{is_blank, line_at, line_end};

/// An entry that is edited as a file of its own, to be put beside the one that it
/// was cut out of. It has no comments: they are that one's.
#[derive(Debug, Clone)]
pub(in crate::flake) struct Piece {
    data: Data,
    /// Where the entry is in it.
    path: Vec<Step>,
    /// How many of its bytes are the header above the entry, and not the entry's.
    header: usize,
}

impl Data {
    /// A copy of what is at the path; `None` if its form does not allow that.
    pub(in crate::flake) fn cut(&self, path: &[Step]) -> Option<Piece> {
        let piece = if self.is_bracketed(path) {
            self.cut_item(path)?
        } else {
            self.cut_lines(path)?
        };
        piece.without_comments()
    }

    fn cut_item(&self, path: &[Step]) -> Option<Piece> {
        let last = path.last()?.clone();
        let range = match &last {
            Step::Key(_) => {
                let member = self.root.member(path)?;
                member.key.start..member.value.range.as_ref()?.end
            }
            Step::Item(_) => self.root.node(path)?.range.clone()?,
        };
        let text = self.text.get(range)?;
        let (text, path) = match (self.format, last) {
            (Format::Json, Step::Key(name)) => (format!("{{{text}}}"), vec![Step::Key(name)]),
            (Format::Json, Step::Item(_)) => (format!("[{text}]"), vec![Step::Item(0)]),
            (Format::Toml, Step::Key(name)) => (text.to_owned(), vec![Step::Key(name)]),
            (Format::Toml, Step::Item(_)) => {
                let path = vec![Step::Key("x".to_owned()), Step::Item(0)];
                (format!("x = [{text}]"), path)
            }
        };
        let data = Self::parse(&text, self.format)?;
        let header = 0;
        Some(Piece { data, path, header })
    }

    fn cut_lines(&self, path: &[Step]) -> Option<Piece> {
        let first = self.statements_of(path).next()?;
        let has_headers = self.statements_of(path).any(|one| one.is_header);
        let lines = self.lines_of(path);
        let in_lists = path.iter().filter(|step| matches!(step, Step::Item(_)));
        // Only what is made of headers alone can be put together from several places.
        if in_lists.count() > 1 || (!first.is_header && (has_headers || lines.len() > 1)) {
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
        let text = format!("{header}{}", parts.join(end));
        let alone = |step: &Step| match step {
            Step::Item(_) => Step::Item(0),
            key @ Step::Key(_) => key.clone(),
        };
        Some(Piece {
            data: Self::parse(&text, self.format)?,
            path: path.iter().map(alone).collect(),
            header: header.len(),
        })
    }

    /// The header of the table in which an assignment stands.
    fn header_above(&self, assignment: &Statement) -> Option<&Statement> {
        let path = &assignment.path[..assignment.depth_of_header()];
        let mut headers = self.statements.iter().filter(|one| one.is_header);
        headers.find(|one| !assignment.is_header && one.path == path)
    }

    /// The comments, each with the blanks or the line that would be left over.
    pub(super) fn comments(&self) -> Vec<Range<usize>> {
        let mut words = Vec::new();
        for one in &self.statements {
            let value = self.root.node(&one.path).filter(|_| !one.is_header);
            let value = value.and_then(|value| value.range.clone());
            words.push(one.range.start..value.map_or(one.range.end, |range| range.start));
        }
        self.root.unbroken(&mut words);
        words.sort_by_key(|word| word.start);
        let mut comments = Vec::new();
        let mut from = 0;
        while let Some(start) = self.text[from..].find('#').map(|at| from + at) {
            if let Some(word) = words.iter().find(|word| word.contains(&start)) {
                from = word.end;
                continue;
            }
            let line = line_at(&self.text, start);
            let front = self.text[line.start..start].trim_end();
            from = line.end;
            let end = line.start + self.text[line.clone()].trim_end_matches(['\r', '\n']).len();
            comments.push(if front.is_empty() {
                line
            } else {
                line.start + front.len()..end
            });
        }
        comments
    }
}

impl Node {
    /// The bytes of every key and value in brackets: a `#` in them is no comment.
    fn unbroken(&self, words: &mut Vec<Range<usize>>) {
        match &self.kind {
            Kind::Plain(_) | Kind::Other(_) => words.extend(self.range.clone()),
            Kind::List(items) => items.iter().for_each(|item| item.unbroken(words)),
            Kind::Table(members) => {
                for member in members {
                    words.push(member.key.clone());
                    member.value.unbroken(words);
                }
            }
        }
    }
}

impl Piece {
    /// What the entry says.
    pub(in crate::flake) fn value(&self) -> Option<Value> {
        at(&self.data.value(), &self.path).cloned()
    }

    /// Takes a part of the entry out.
    pub(in crate::flake) fn remove(&mut self, part: &[Step]) -> Option<()> {
        self.edit(part, Data::remove)
    }

    /// Gives a text in the entry another.
    pub(in crate::flake) fn set_text(&mut self, part: &[Step], text: &str) -> Option<()> {
        self.edit(part, |data, path| data.set_text(path, text))
    }

    /// Gives a key in the entry another name; the entry's own at the empty path.
    pub(in crate::flake) fn rename(&mut self, part: &[Step], name: &str) -> Option<()> {
        self.edit(part, |data, path| data.rename(path, name))?;
        if let (true, Some(Step::Key(key))) = (part.is_empty(), self.path.last_mut()) {
            name.clone_into(key);
        }
        Some(())
    }

    /// The words in which a part is written.
    pub(in crate::flake) fn words(&self, part: &[Step]) -> Option<&str> {
        let range = self.data.place(&[&self.path, part].concat())?;
        self.data.text.get(range)
    }

    /// As it is put beside the entry that it is a copy of.
    pub(in crate::flake) fn text(&self) -> Option<&str> {
        let data = &self.data;
        if data.is_bracketed(&self.path) || self.is_member() {
            return data.text.get(data.place(&self.path)?);
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

    fn edit(
        &mut self,
        part: &[Step],
        edit: impl FnOnce(&Data, &[Step]) -> Option<TextEdit>,
    ) -> Option<()> {
        let path = [&self.path, part].concat();
        let text = edit(&self.data, &path)?.apply(&self.data.text);
        self.data = Data::parse(&text, self.data.format)?;
        Some(())
    }

    fn without_comments(mut self) -> Option<Self> {
        let before = self.data.clone();
        let mut taken = before.comments().into_iter();
        let edit = taken.try_fold(TextEdit::empty(), |edit, comment| {
            edit.and(TextEdit::delete(comment)).ok()
        })?;
        let front = edit
            .patches()
            .iter()
            .filter(|patch| patch.range.end <= self.header);
        self.header -= front.map(|patch| patch.range.len()).sum::<usize>();
        self.data = Data::parse(&edit.apply(&before.text), before.format)?;
        Some(self)
    }

    /// A member of braces: cut out it is an assignment without a line end.
    fn is_member(&self) -> bool {
        !self.data.text.ends_with('\n')
    }
}
