//! Where a new value goes in TOML: behind its like, in the form of its like.

use serde_json::Value;

use super::Data;
use super::edit::Field;
use super::literal::{assignment, key, toml};
use super::statements::Statement;
use super::tree::{NodeKind, Segment};
use crate::text::TextEdit;
use crate::text::by_line::{indent, insertion, line_at, line_end};

impl Data {
    /// A new `name = value` in the table at the path, behind the last one there.
    pub(super) fn member_added(&self, table: &[Segment], name: &str, value: &Value) -> TextEdit {
        let assignment = assignment(name, value);
        if let Some(braces) = self.brackets(table) {
            return braces.sequence.insert(usize::MAX, &assignment);
        }
        let above_all: &[Segment] = &[];
        let is_its = |one: &Statement| {
            let path = if one.is_header { &one.path } else { above_all };
            path == table
        };
        if let Some(section) = self.sections().find(|section| is_its(&section[0])) {
            let last = &section[section.len() - 1];
            let indent = indent(&self.text, last.range.start);
            let line = format!("{indent}{assignment}{}", line_end(&self.text));
            return self.lines_added(self.end_of(section), &line);
        }
        if let Some(last) = self.last_dotted(table) {
            return self.added_behind_dotted(last, &assignment);
        }
        // Only tables below it have headers: it gets one too.
        let section = self.section(table, [assignment]);
        self.lines_added(self.place_of_section(table), &section)
    }

    /// A new table, in the braces that hold its like or under a header of its own.
    pub(super) fn table_added(&self, path: &[Segment], fields: &[Field]) -> TextEdit {
        let Some((depth, braces)) = self.brackets_around(path) else {
            let section = self.section(path, assignments(fields));
            return self.lines_added(self.place_of_section(path), &section);
        };
        let members = fields.iter().cloned();
        let members = members.filter_map(|(name, value)| Some((name.to_owned(), value?)));
        let table = toml(&Value::Object(members.collect()));
        let assignment = format!("{} = {table}", keys(&path[depth..]));
        braces.sequence.insert(usize::MAX, &assignment)
    }

    /// New tables of one kind, each under a header of its own.
    pub(super) fn sections_added(&self, kind: &str, tables: &[(&str, Vec<Field>)]) -> TextEdit {
        let path = |name: &str| [kind, name].map(Segment::key);
        let sections = tables
            .iter()
            .map(|(name, fields)| self.section(&path(name), assignments(fields)));
        let place = self.place_of_section(&path(""));
        self.lines_added(place, &sections.collect::<String>())
    }

    /// A new string in the list at the path: in its place if the list is in order, else
    /// at the end. Also says which item it then is.
    pub(super) fn item_added(&self, list: &[Segment], item: &str) -> Option<(usize, TextEdit)> {
        let NodeKind::List(items) = &self.root.node(list)?.kind else {
            return None;
        };
        let strings: Vec<&str> = items.iter().filter_map(|item| item.as_str()).collect();
        let is_in_order = strings.len() > 1 && strings.is_sorted();
        let index = if is_in_order {
            strings.partition_point(|other| *other < item)
        } else {
            strings.len()
        };
        let sequence = self.brackets(list)?.sequence;
        Some((index, sequence.insert(index, &toml(&Value::from(item)))))
    }

    /// The last `table.key = value` that the table at the path is made of.
    fn last_dotted(&self, table: &[Segment]) -> Option<&Statement> {
        let is_dotted = |one: &&Statement| {
            !one.is_header
                && one.depth_of_header() < table.len()
                && one.path.len() == table.len() + 1
                && one.is_of(table)
        };
        self.statements.iter().rfind(is_dotted)
    }

    /// A line with the same keys before the dot.
    fn added_behind_dotted(&self, last: &Statement, assignment: &str) -> TextEdit {
        let key = last
            .key_of(&last.path)
            .unwrap_or_else(|| last.range.clone());
        let front = line_at(&self.text, key.start).start..key.start;
        let line = format!("{}{assignment}{}", &self.text[front], line_end(&self.text));
        self.lines_added(line_at(&self.text, last.range.end).end, &line)
    }

    /// A blank line, a header, and lines below it.
    fn section(&self, path: &[Segment], lines: impl IntoIterator<Item = String>) -> String {
        let end = line_end(&self.text);
        let mut section = format!("{end}[{}]{end}", keys(path));
        for line in lines {
            section.push_str(&line);
            section.push_str(end);
        }
        section
    }

    /// `[caches.kalaw.link.pai]` goes behind the sections of `caches.kalaw`, `[hosts.pai]`
    /// behind the other hosts, and the first of a kind to the end.
    fn place_of_section(&self, path: &[Segment]) -> usize {
        let last_of = |prefix: &[Segment]| {
            let is_below = |one: &Statement| one.is_header && one.is_of(prefix);
            let mut next = None;
            for section in self.sections().rev() {
                if is_below(&section[0]) {
                    return Some((section, next));
                }
                next = Some(section);
            }
            None
        };
        let mut depths = (1..path.len()).rev();
        match depths.find_map(|depth| last_of(&path[..depth])) {
            Some((last, Some(_))) => self.below_comments(self.end_of(last)),
            _ => line_at(&self.text, self.text.trim_end().len()).end,
        }
    }

    fn lines_added(&self, place: usize, lines: &str) -> TextEdit {
        TextEdit::insert(place, insertion(&self.text, place, lines))
    }
}

fn assignments(fields: &[Field]) -> impl Iterator<Item = String> {
    let assignment = |(name, value): &Field| Some(assignment(name, value.as_ref()?));
    fields.iter().filter_map(assignment)
}

/// The keys of a path with dots between.
fn keys(path: &[Segment]) -> String {
    let keys = path.iter().filter_map(|segment| match segment {
        Segment::Key(name) => Some(key(name)),
        Segment::Index(_) => None,
    });
    keys.collect::<Vec<_>>().join(".")
}
