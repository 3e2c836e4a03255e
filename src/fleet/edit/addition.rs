//! Where something new goes: behind its like, in the form of its like.

use super::outline::{Entry, Section};
use super::value::{Field, Value, key, lines, quoted};
use super::view::{Broken, View, is_below};
use crate::text::TextEdit;
use crate::text::by_line::{indent, insertion, line_at, line_end};

impl View<'_> {
    /// A new `name = value` in the table at `table`, behind the last one there.
    pub(super) fn add_value(
        &self,
        table: &[&str],
        name: &str,
        value: &Value,
    ) -> Result<TextEdit, Broken> {
        let assignment = format!("{} = {}", key(name), value.literal());
        if let Some(braces) = self.braces(table) {
            let sequence = self.sequence(braces).ok_or(Broken)?;
            return Ok(sequence.insert(usize::MAX, &assignment));
        }
        let mut with_header = self.sections.iter();
        if let Some(section) = with_header.find(|one| one.path == table && !one.listed) {
            return Ok(self.add_to_section(section, &assignment));
        }
        if let Some(last) = self.last_dotted(table) {
            return Ok(self.add_behind_dotted(last, &assignment));
        }
        // Only tables below it have headers: it gets one too.
        let section = self.section(table, [assignment]);
        Ok(self.insert_lines(self.place_of_section(table), &section))
    }

    /// A new table, in the braces that hold its like or under a header of its own.
    pub(super) fn add_table(&self, path: &[&str], fields: &[Field]) -> Result<TextEdit, Broken> {
        let Some((length, braces)) = self.braces_around(path) else {
            let place = self.place_of_section(path);
            return Ok(self.insert_lines(place, &self.section(path, lines(fields))));
        };
        let table = Value::Table(fields.to_vec()).literal();
        let assignment = format!("{} = {table}", keys(&path[length..]));
        let sequence = self.sequence(braces).ok_or(Broken)?;
        Ok(sequence.insert(usize::MAX, &assignment))
    }

    /// New tables of one kind, each under a header of its own.
    pub(super) fn add_sections(&self, kind: &str, tables: &[(&str, Vec<Field>)]) -> TextEdit {
        let section =
            |(name, fields): &(&str, Vec<Field>)| self.section(&[kind, name], lines(fields));
        let sections: String = tables.iter().map(section).collect();
        self.insert_lines(self.place_of_section(&[kind, ""]), &sections)
    }

    /// A new entry of the list at `path`: in its place if the list is in order,
    /// else at the end.
    pub(super) fn add_entry(&self, path: &[&str], entry: &str) -> Result<TextEdit, Broken> {
        let (array, sequence) = self.list(path).ok_or(Broken)?;
        let entries: Vec<&str> = array.iter().filter_map(toml_edit::Value::as_str).collect();
        let in_order = entries.len() > 1 && entries.is_sorted();
        let index = if in_order {
            entries.partition_point(|other| *other < entry)
        } else {
            entries.len()
        };
        Ok(sequence.insert(index, &quoted(entry)))
    }

    fn add_to_section(&self, section: &Section, assignment: &str) -> TextEdit {
        let last = section.entries.last();
        let neighbour = last.map_or(section.header.start, |last| last.key.start);
        let indent = indent(self.text, neighbour);
        let line = format!("{indent}{assignment}{}", line_end(self.text));
        self.insert_lines(section.content_end(self.text), &line)
    }

    /// The last `table.key = value` that the table at `table` is made of.
    fn last_dotted(&self, table: &[&str]) -> Option<&Entry> {
        let above = |section: &&Section| section.path.len() < table.len();
        let direct =
            |entry: &&Entry| is_below(&entry.path, table) && entry.path.len() == table.len() + 1;
        let sections = self.sections.iter().filter(above);
        sections.flat_map(|section| &section.entries).rfind(direct)
    }

    /// A line with the same keys before the dot.
    fn add_behind_dotted(&self, last: &Entry, assignment: &str) -> TextEdit {
        let front = line_at(self.text, last.key.start).start..last.key.start;
        let line = format!("{}{assignment}{}", &self.text[front], line_end(self.text));
        self.insert_lines(line_at(self.text, last.value.end).end, &line)
    }

    /// A blank line, a header, and lines below it.
    fn section(&self, path: &[&str], lines: impl IntoIterator<Item = String>) -> String {
        let end = line_end(self.text);
        let mut section = format!("{end}[{}]{end}", keys(path));
        for line in lines {
            section.push_str(&line);
            section.push_str(end);
        }
        section
    }

    /// `[caches.kalaw.link.pai]` goes behind what there is of `caches.kalaw`,
    /// `[hosts.pai]` behind the other hosts, and the first of a kind to the end.
    fn place_of_section(&self, path: &[&str]) -> usize {
        let last_of = |prefix| {
            let mut sections = self.sections.iter();
            sections.rposition(|section| is_below(&section.path, prefix))
        };
        let last = (1..path.len())
            .rev()
            .find_map(|length| last_of(&path[..length]));
        match last {
            Some(last) if last + 1 < self.sections.len() => self.sections[last].end(self.text),
            _ => line_at(self.text, self.text.trim_end().len()).end,
        }
    }

    fn insert_lines(&self, place: usize, lines: &str) -> TextEdit {
        TextEdit::insert(place, insertion(self.text, place, lines))
    }
}

/// The keys of a path with dots between.
fn keys(path: &[&str]) -> String {
    let keys: Vec<String> = path.iter().map(|name| key(name)).collect();
    keys.join(".")
}
