//! The statements of TOML: headers (`[a.b]`, `[[a]]`) and assignments (`a.b = …`).

use std::ops::Range;

use super::tree::Segment;
use crate::text::by_line::line_at;

/// A header or an assignment.
#[derive(Debug, Clone)]
pub(super) struct Statement {
    /// The path of the table or the value, the header's own keys included.
    pub(super) path: Vec<Segment>,
    /// Its bytes, brackets and value included.
    pub(super) range: Range<usize>,
    /// Where the value begins; for a header, the end.
    pub(super) value: usize,
    pub(super) is_header: bool,
    /// The bytes of the keys that are written, with the place of each in `path`.
    keys: Vec<(usize, Range<usize>)>,
}

impl Statement {
    /// The bytes of the key that a path ends in.
    pub(super) fn key_of(&self, path: &[Segment]) -> Option<Range<usize>> {
        let last = path.len().checked_sub(1)?;
        let (_, key) = self.keys.iter().find(|(place, _)| *place == last)?;
        self.path.starts_with(path).then(|| key.clone())
    }

    /// The keys that are written, each with the path that ends in it.
    pub(super) fn written_keys(&self) -> impl Iterator<Item = (&[Segment], Range<usize>)> {
        let keys = self.keys.iter();
        keys.map(|(last, key)| (&self.path[..=*last], key.clone()))
    }

    /// How many segments of its path the header above it has.
    pub(super) fn depth_of_header(&self) -> usize {
        self.keys
            .first()
            .map_or(self.path.len(), |(place, _)| *place)
    }

    /// True if it is about the value at the path, or a part of that.
    pub(super) fn is_of(&self, path: &[Segment]) -> bool {
        self.path.starts_with(path)
    }
}

/// A header with these bytes.
pub(super) fn header(text: &str, path: &[Segment], range: &Range<usize>) -> Option<Statement> {
    let start = range.start + text.get(range.clone())?.find(|c| c != '[')?;
    Some(Statement {
        path: path.to_vec(),
        range: range.clone(),
        value: range.end,
        is_header: true,
        keys: placed(path, keys(text, start)),
    })
}

/// The assignment of the value with these bytes.
pub(super) fn assignment(text: &str, path: &[Segment], value: &Range<usize>) -> Option<Statement> {
    let line = line_at(text, value.start).start;
    // A byte order mark may be in front of the first key.
    let start = line + text[line..].find(|c| !matches!(c, ' ' | '\t' | '\u{feff}'))?;
    Some(Statement {
        path: path.to_vec(),
        range: start..value.end,
        value: value.start,
        is_header: false,
        keys: placed(path, keys(text, start)),
    })
}

/// The keys that are written are the last of a path.
fn placed(path: &[Segment], keys: Vec<Range<usize>>) -> Vec<(usize, Range<usize>)> {
    let is_key = |(_, segment): &(usize, &Segment)| matches!(segment, Segment::Key(_));
    let places: Vec<usize> = path
        .iter()
        .enumerate()
        .filter(is_key)
        .map(|(at, _)| at)
        .collect();
    let skipped = places.len().saturating_sub(keys.len());
    places[skipped..].iter().copied().zip(keys).collect()
}

/// Keys with dots between, from here on.
fn keys(text: &str, from: usize) -> Vec<Range<usize>> {
    let mut keys = Vec::new();
    let mut at = from;
    loop {
        at += blanks(&text[at..]);
        let rest = &text[at..];
        let length = match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => quoted(rest, quote),
            _ => rest.find(|c: char| !(c.is_ascii_alphanumeric() || "-_".contains(c))),
        };
        let end = at + length.unwrap_or(rest.len());
        keys.push(at..end);
        at = end + blanks(&text[end..]);
        if !text[at..].starts_with('.') {
            return keys;
        }
        at += 1;
    }
}

fn quoted(text: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    let closing = text[1..].find(|c| {
        let is_end = c == quote && !is_escaped;
        is_escaped = quote == '"' && c == '\\' && !is_escaped;
        is_end
    })?;
    Some(closing + 2)
}

fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}
