//! The lines of TOML: `[a.b]`, `[[a]]` and `a.b = …`.

use std::ops::Range;

use super::tree::Step;
use crate::text::by_line::line_at;

/// A header or an assignment.
#[derive(Debug, Clone)]
pub(super) struct Statement {
    /// What it says something of.
    pub(super) path: Vec<Step>,
    /// Its bytes, brackets and value included.
    pub(super) range: Range<usize>,
    pub(super) is_header: bool,
    /// The bytes of the keys that are written, with the place of each in `path`.
    keys: Vec<(usize, Range<usize>)>,
}

impl Statement {
    /// The bytes of the key that a path ends in.
    pub(super) fn key_of(&self, path: &[Step]) -> Option<Range<usize>> {
        let last = path.len().checked_sub(1)?;
        let (_, key) = self.keys.iter().find(|(place, _)| *place == last)?;
        self.path.starts_with(path).then(|| key.clone())
    }

    /// The keys that are written, each with the path that ends in it.
    pub(super) fn written_keys(&self) -> impl Iterator<Item = (&[Step], Range<usize>)> {
        let keys = self.keys.iter();
        keys.map(|(last, key)| (&self.path[..=*last], key.clone()))
    }

    /// How many steps of its path the header above it has.
    pub(super) fn depth_of_header(&self) -> usize {
        self.keys
            .first()
            .map_or(self.path.len(), |(place, _)| *place)
    }

    /// True if it says something of what is at the path or in it.
    pub(super) fn is_of(&self, path: &[Step]) -> bool {
        self.path.starts_with(path)
    }
}

/// A header with these bytes.
pub(super) fn header(text: &str, path: &[Step], range: &Range<usize>) -> Option<Statement> {
    let start = range.start + text.get(range.clone())?.find(|c| c != '[')?;
    Some(Statement {
        path: path.to_vec(),
        range: range.clone(),
        is_header: true,
        keys: placed(path, keys(text, start)),
    })
}

/// The assignment of the value with these bytes.
pub(super) fn assignment(text: &str, path: &[Step], value: &Range<usize>) -> Option<Statement> {
    let line = line_at(text, value.start).start;
    let start = line + text[line..].find(|c| c != ' ' && c != '\t')?;
    Some(Statement {
        path: path.to_vec(),
        range: start..value.end,
        is_header: false,
        keys: placed(path, keys(text, start)),
    })
}

/// The keys that are written are the last of a path.
fn placed(path: &[Step], keys: Vec<Range<usize>>) -> Vec<(usize, Range<usize>)> {
    let is_key = |(_, step): &(usize, &Step)| matches!(step, Step::Key(_));
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
