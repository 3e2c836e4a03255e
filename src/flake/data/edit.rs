//! Edits of a file of data. What [`Data::insert_after`] puts in, [`Data::remove`]
//! takes out again, byte for byte.

use std::collections::BTreeMap;
use std::ops::Range;

use super::statements::Statement;
use super::tree::{Kind, Node, Step};
use super::{Data, Format};
use crate::text::TextEdit;
use crate::text::by_line::{
    deletion, insertion, is_blank, is_comment, line_after, line_at, line_before, line_end,
};
use crate::text::sequence::Sequence;

impl Data {
    /// True if it stands between brackets, and not on lines of its own.
    pub(super) fn is_bracketed(&self, path: &[Step]) -> bool {
        let mut statements = self.statements.iter();
        self.format == Format::Json
            || statements.any(|one| {
                !one.is_header && one.path.len() < path.len() && path.starts_with(&one.path)
            })
    }

    /// Takes out what is at the path: an item, a member, or all lines about it with
    /// the blank lines above. `None`: it is written in a form that has no such part.
    pub(in crate::flake) fn remove(&self, path: &[Step]) -> Option<TextEdit> {
        if self.is_bracketed(path) {
            let (sequence, index) = self.sequence_around(path)?;
            return Some(sequence.remove(index));
        }
        let mut edit = TextEdit::empty();
        for lines in self.lines_of(path) {
            let lines = self.with_blanks(lines);
            let taken = TextEdit::delete(deletion(&self.text, lines));
            edit = edit.and(taken).ok()?;
        }
        (!edit.is_empty()).then_some(edit)
    }

    /// Puts an entry behind the one at the path, in the same form.
    pub(in crate::flake) fn insert_after(&self, path: &[Step], entry: &str) -> Option<TextEdit> {
        if self.is_bracketed(path) {
            let (sequence, index) = self.sequence_around(path)?;
            return Some(sequence.insert(index + 1, entry));
        }
        let content = self.lines_of(path).last()?.end;
        let place = self.behind_comments(content);
        let end = line_end(&self.text);
        let above = line_before(&self.text, place).map(|line| &self.text[line]);
        // A comment that touched the entry would become its comment.
        let least = usize::from(above.is_some_and(is_comment));
        let blank_lines = self.blank_lines_between(path).max(least);
        // The file's line end, also where the entry's own last line has another.
        let entry = entry.trim_end_matches(['\r', '\n']);
        let lines = format!("{}{entry}{end}", end.repeat(blank_lines));
        Some(TextEdit::insert(
            place,
            insertion(&self.text, place, &lines),
        ))
    }

    /// Gives a key another name wherever it is written.
    pub(in crate::flake) fn rename(&self, path: &[Step], name: &str) -> Option<TextEdit> {
        if self.is_bracketed(path) {
            let key = self.root.member(path)?.key.clone();
            let new = key_like(name, &self.text[key.clone()]);
            return Some(TextEdit::replace(key, new));
        }
        let keys = self.statements.iter().filter_map(|one| one.key_of(path));
        keys.into_iter().try_fold(TextEdit::empty(), |edit, key| {
            let new = key_like(name, &self.text[key.clone()]);
            edit.and(TextEdit::replace(key, new)).ok()
        })
    }

    /// Gives a text another.
    pub(in crate::flake) fn set_text(&self, path: &[Step], text: &str) -> Option<TextEdit> {
        let range = self.root.node(path)?.range.clone()?;
        let old = &self.text[range.clone()];
        let new = match self.format {
            Format::Json => quoted(text),
            Format::Toml if is_literal(old) && fits_literal(text) => format!("'{text}'"),
            Format::Toml => toml_edit::Value::from(text).to_string(),
        };
        Some(TextEdit::replace(range, new))
    }

    /// The brackets around what is at a path, and which of the items it is.
    fn sequence_around(&self, path: &[Step]) -> Option<(Sequence<'_>, usize)> {
        let (last, above) = path.split_last()?;
        let around = self.root.node(above)?;
        let values: Vec<&Node> = match &around.kind {
            Kind::List(items) => items.iter().collect(),
            Kind::Table(members) => members.iter().map(|member| &member.value).collect(),
            _ => return None,
        };
        let index = match (&around.kind, last) {
            (_, Step::Item(index)) => *index,
            (Kind::Table(members), Step::Key(name)) => {
                members.iter().position(|member| member.name == *name)?
            }
            _ => return None,
        };
        let ends = values.iter().map(|value| Some(value.range.as_ref()?.end));
        let ends: Vec<usize> = ends.collect::<Option<_>>()?;
        (index < ends.len()).then_some(())?;
        Some((
            Sequence::new(&self.text, around.range.as_ref()?, ends),
            index,
        ))
    }

    /// The lines about what is at a path: a range for those that stand together.
    pub(super) fn lines_of(&self, path: &[Step]) -> Vec<Range<usize>> {
        let runs = self
            .statements
            .chunk_by(|a, b| a.is_of(path) == b.is_of(path));
        let own = runs.filter(|run| run[0].is_of(path));
        own.map(|run| {
            let last = &run[run.len() - 1];
            let start = line_at(&self.text, run[0].range.start).start;
            start..line_at(&self.text, last.range.end).end
        })
        .collect()
    }

    /// The statements about what is at a path.
    pub(super) fn statements_of(&self, path: &[Step]) -> impl Iterator<Item = &Statement> {
        self.statements.iter().filter(move |one| one.is_of(path))
    }

    /// The lines and the blank ones above; below, where they are the file's first.
    fn with_blanks(&self, lines: Range<usize>) -> Range<usize> {
        let Range { mut start, mut end } = lines;
        while let Some(line) = line_before(&self.text, start)
            && is_blank(&self.text[line.clone()])
        {
            start = line.start;
        }
        while start == 0
            && let Some(line) = line_after(&self.text, end)
            && is_blank(&self.text[line.clone()])
        {
            end = line.end;
        }
        start..end
    }

    /// Past the comments directly below, unless they are the next statement's.
    fn behind_comments(&self, content: usize) -> usize {
        let mut end = content;
        while let Some(line) = line_after(&self.text, end) {
            let line = &self.text[line];
            if is_blank(line) {
                break;
            }
            if !is_comment(line) {
                return content;
            }
            end += line.len();
        }
        end
    }

    /// How many blank lines stand above an entry, most often among those beside it.
    fn blank_lines_between(&self, path: &[Step]) -> usize {
        let above = path.split_last().map_or(path, |(_, above)| above);
        let entries = self.entries(above);
        let own = path.last().and_then(|last| entries.get(last));
        let alike = entries
            .values()
            .filter(|entry| Some(entry.form) == own.map(|own| own.form));
        let mut counts: Vec<usize> = alike
            .filter(|entry| !self.is_first_below_header(entry))
            .map(|entry| self.blank_lines_above(entry.start))
            .collect();
        counts.sort_unstable();
        let usual = counts.get(counts.len() / 2).copied();
        usual.unwrap_or_else(|| usize::from(own.is_some_and(|own| own.form == Form::Headers)))
    }

    /// Between a header and what follows it is no space between entries.
    fn is_first_below_header(&self, entry: &Entry) -> bool {
        let index = self
            .statements
            .partition_point(|one| one.range.start < entry.start);
        let before = index.checked_sub(1).map(|before| &self.statements[before]);
        before.is_none_or(|before| before.is_header && entry.form != Form::Headers)
    }

    /// Blank lines above a line and the comments that touch it.
    fn blank_lines_above(&self, offset: usize) -> usize {
        let mut start = line_at(&self.text, offset).start;
        let mut blank_lines = 0;
        while let Some(line) = line_before(&self.text, start) {
            let above = &self.text[line.clone()];
            match (is_blank(above), is_comment(above)) {
                (true, _) => blank_lines += 1,
                (false, true) if blank_lines == 0 => {}
                _ => break,
            }
            start = line.start;
        }
        blank_lines
    }

    /// All that is in the table or list at a path: where each begins, in which form.
    pub(in crate::flake) fn entries(&self, above: &[Step]) -> BTreeMap<Step, Entry> {
        let mut entries = BTreeMap::new();
        let statements = self.statements.iter().filter(|one| one.is_of(above));
        for one in statements {
            if let Some(step) = one.path.get(above.len()) {
                let form = match (one.is_header, one.depth_of_header()) {
                    (true, _) => Form::Headers,
                    (false, header) => Form::Lines { header },
                };
                let start = one.range.start;
                entries.entry(step.clone()).or_insert(Entry { start, form });
            }
        }
        match self.root.node(above).map(|node| (&node.range, &node.kind)) {
            Some((Some(_), Kind::List(items))) => {
                entries.extend(items.iter().enumerate().filter_map(|(index, item)| {
                    Some((Step::Item(index), Entry::bracketed(item.range.as_ref()?)))
                }));
            }
            Some((Some(_), Kind::Table(members))) => {
                entries.extend(members.iter().map(|member| {
                    (
                        Step::Key(member.name.clone()),
                        Entry::bracketed(&member.key),
                    )
                }));
            }
            _ => {}
        }
        entries
    }
}

/// How an entry is written. Only entries of one form stand beside each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::flake) enum Form {
    /// Between brackets.
    Bracketed,
    /// As `[a.b]`, with what stands below.
    Headers,
    /// As `b = …` or `b.c = …`, below a header with so many steps.
    Lines { header: usize },
}

/// Where an entry begins, and in which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::flake) struct Entry {
    pub(in crate::flake) start: usize,
    pub(in crate::flake) form: Form,
}

impl Entry {
    fn bracketed(range: &Range<usize>) -> Self {
        Self {
            start: range.start,
            form: Form::Bracketed,
        }
    }
}

/// A key in the quotes of another, or without.
fn key_like(name: &str, like: &str) -> String {
    match like.chars().next() {
        Some('"') => quoted(name),
        Some('\'') if fits_literal(name) => format!("'{name}'"),
        _ => toml_edit::Key::new(name).display_repr().into_owned(),
    }
}

/// As JSON quotes it, and TOML as well.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn is_literal(text: &str) -> bool {
    text.starts_with('\'') && !text.starts_with("'''")
}

fn fits_literal(text: &str) -> bool {
    !text.contains(|c: char| c == '\'' || c.is_control())
}
