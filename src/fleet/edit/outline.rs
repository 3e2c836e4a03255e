//! The inventory's text as a list of sections: a header line (none for the top),
//! and the entries below it, all by their places.

use std::ops::Range;

use toml_edit::{Item, Table, TableLike};

use crate::text::by_line::{is_blank, is_comment, line_after, line_at, line_before};

/// One `[header]` with what stands below it up to the next.
#[derive(Debug)]
pub(super) struct Section {
    /// The keys of its header; empty for the top of the file.
    pub(super) path: Vec<String>,
    /// The bytes of its header, brackets included.
    pub(super) header: Range<usize>,
    /// `[[…]]`: one of a list of tables.
    pub(super) listed: bool,
    /// Its `key = value`, in order.
    pub(super) entries: Vec<Entry>,
}

/// One `key = value` that has lines of its own.
#[derive(Debug)]
pub(super) struct Entry {
    /// All its keys, those of the header included.
    pub(super) path: Vec<String>,
    /// The bytes of the last of its keys.
    pub(super) key: Range<usize>,
    /// The bytes of its value.
    pub(super) value: Range<usize>,
}

/// The sections in order of place; the first is the top.
pub(super) fn sections(root: &Table) -> Vec<Section> {
    let mut found = Found::default();
    found.table(&mut Vec::new(), root);
    found.into_sections()
}

impl Section {
    /// The lines of the section that say something: from the header (or from the
    /// comments directly above it) to the last entry and the comments directly
    /// below that. A comment that touches the next header is the next one's.
    pub(super) fn lines(&self, text: &str) -> Range<usize> {
        self.start(text)..self.end(text)
    }

    /// Where the lines of the section end.
    pub(super) fn end(&self, text: &str) -> usize {
        let content = self.content_end(text);
        let mut end = content;
        while let Some(line) = line_after(text, end) {
            if is_blank(&text[line.clone()]) {
                break;
            }
            if !is_comment(&text[line.clone()]) {
                return content;
            }
            end = line.end;
        }
        end
    }

    /// The end of the last line with an entry, or of the header's.
    pub(super) fn content_end(&self, text: &str) -> usize {
        let last = self
            .entries
            .last()
            .map_or(&self.header, |entry| &entry.value);
        line_at(text, last.end).end
    }

    fn start(&self, text: &str) -> usize {
        let mut start = line_at(text, self.header.start).start;
        while let Some(line) = line_before(text, start) {
            if !is_comment(&text[line.clone()]) {
                break;
            }
            start = line.start;
        }
        start
    }
}

#[derive(Default)]
struct Found {
    headers: Vec<Section>,
    entries: Vec<Entry>,
}

impl Found {
    fn table(&mut self, path: &mut Vec<String>, table: &dyn TableLike) {
        for (name, item) in table.iter() {
            path.push(name.to_owned());
            match item {
                Item::Value(value) => {
                    let key = table.key(name).and_then(toml_edit::Key::span);
                    self.entry(path, key, value);
                }
                Item::Table(inner) => {
                    if !inner.is_implicit() && !inner.is_dotted() {
                        self.header(path, inner, false);
                    }
                    self.table(path, inner);
                }
                Item::ArrayOfTables(tables) => {
                    for inner in tables {
                        self.header(path, inner, true);
                        self.table(path, inner);
                    }
                }
                Item::None => {}
            }
            path.pop();
        }
    }

    fn entry(&mut self, path: &[String], key: Option<Range<usize>>, value: &toml_edit::Value) {
        if let (Some(key), Some(value)) = (key, value.span()) {
            let path = path.to_vec();
            self.entries.push(Entry { path, key, value });
        }
    }

    fn header(&mut self, path: &[String], table: &Table, listed: bool) {
        let Some(header) = table.span() else { return };
        self.headers.push(Section {
            path: path.to_vec(),
            header,
            listed,
            entries: Vec::new(),
        });
    }

    fn into_sections(mut self) -> Vec<Section> {
        self.headers.sort_by_key(|section| section.header.start);
        self.entries.sort_by_key(|entry| entry.key.start);
        let top = Section {
            path: Vec::new(),
            header: 0..0,
            listed: false,
            entries: Vec::new(),
        };
        let mut sections = vec![top];
        sections.append(&mut self.headers);
        let mut at = 0;
        for entry in self.entries {
            let begun = |next: &Section| next.header.start <= entry.key.start;
            while sections.get(at + 1).is_some_and(begun) {
                at += 1;
            }
            sections[at].entries.push(entry);
        }
        sections
    }
}
