//! What every edit must leave whole, and what a text must say after one.

use serde_json::Value;
use toml_edit::Document;

use super::tree::Segment;
use super::{Data, DataFormat};
use crate::text::{TextEdit, is_part_of};

impl Data {
    /// True if the text after the edit has this value.
    pub(super) fn says_after(&self, edit: &TextEdit, expected: &Value) -> bool {
        let after = self.reparse(&edit.apply(&self.text));
        after.is_some_and(|after| after.value() == *expected)
    }

    fn comment_texts(&self) -> impl Iterator<Item = &str> {
        self.comments()
            .into_iter()
            .map(|comment| self.text[comment].trim())
    }
}

/// A value with another put in at a path: in the place of a member, or before an item.
/// Tables that are not there on the way are made.
pub(super) fn with(mut all: Value, path: &[Segment], new: Value) -> Option<Value> {
    let (last, above) = path.split_last()?;
    let around = above
        .iter()
        .try_fold(&mut all, |value, segment| match (segment, value) {
            (Segment::Key(name), Value::Object(members)) => {
                let member = members.entry(&**name);
                Some(member.or_insert_with(|| Value::Object(serde_json::Map::new())))
            }
            (Segment::Index(index), Value::Array(items)) => items.get_mut(*index),
            _ => None,
        })?;
    match (around, last) {
        (Value::Array(items), Segment::Index(index)) if *index <= items.len() => {
            items.insert(*index, new);
        }
        (Value::Object(members), Segment::Key(name)) => {
            members.insert(name.to_string(), new);
        }
        _ => return None,
    }
    Some(all)
}

/// A value with another in the place of what is at a path.
pub(super) fn replaced(mut all: Value, path: &[Segment], new: Value) -> Option<Value> {
    let old = path
        .iter()
        .try_fold(&mut all, |value, segment| match segment {
            Segment::Key(name) => value.get_mut(&**name),
            Segment::Index(index) => value.get_mut(index),
        })?;
    *old = new;
    Some(all)
}

/// A value in which what is at a path has another key.
pub(super) fn renamed(all: Value, path: &[Segment], name: &str) -> Option<Value> {
    let value = super::at(&all, path)?.clone();
    let above = path.split_last()?.1;
    let new = [above, &[Segment::key(name)]].concat();
    if super::at(&all, &new).is_some() {
        return None;
    }
    with(without(all, path)?, &new, value)
}

/// A value without what is at a path.
pub(super) fn without(mut all: Value, path: &[Segment]) -> Option<Value> {
    let (last, above) = path.split_last()?;
    let around = above
        .iter()
        .try_fold(&mut all, |value, segment| match segment {
            Segment::Key(name) => value.get_mut(&**name),
            Segment::Index(index) => value.get_mut(index),
        })?;
    match (around, last) {
        (Value::Array(items), Segment::Index(index)) if *index < items.len() => {
            items.remove(*index);
        }
        (Value::Object(members), Segment::Key(name)) => {
            members.shift_remove(&**name);
        }
        _ => return None,
    }
    Some(all)
}

/// A value without the empty tables on a path: TOML has some only as long as anything
/// is in them.
pub(super) fn without_empty(all: Value, path: &[Segment]) -> Value {
    (1..=path.len()).rev().fold(all, |all, depth| {
        let path = &path[..depth];
        let is_empty = |value: &Value| value.as_object().is_some_and(serde_json::Map::is_empty);
        if super::at(&all, path).is_some_and(is_empty) {
            without(all, path).unwrap_or_default()
        } else {
            all
        }
    })
}

/// What an edit of a TOML or JSON file would break, in words; the name of the file
/// says which it is. A file that did not parse before has nothing to lose.
///
/// Comments must all be there still, in order, unless bytes are only taken away: an
/// entry that goes takes its inner comments along.
pub fn damage(name: &str, before: &str, after: &str) -> Option<String> {
    let (format, word) = match name.rsplit_once('.')?.1 {
        "json" => (DataFormat::Json, "JSON"),
        "toml" => (DataFormat::Toml, "TOML"),
        _ => return None,
    };
    let old = Data::parse(before, format)?;
    let Some(new) = Data::parse(after, format) else {
        return Some(format!("the result is not {word}"));
    };
    let mut kept = new.comment_texts();
    let lost = old
        .comment_texts()
        .find(|comment| !kept.any(|other| other == *comment))?;
    (!is_part_of(after, before)).then(|| format!("the comment `{lost}` would be lost"))
}

/// Where a text is not in a format, and why, in the words of its reader.
pub(crate) fn syntax_error(text: &str, format: DataFormat) -> Option<(usize, String)> {
    match format {
        DataFormat::Json => {
            let error = serde_json::from_str::<Value>(text).err()?;
            let message = error.to_string();
            let why = message.split(" at line ").next().unwrap_or(&message);
            Some((error.line(), why.to_owned()))
        }
        DataFormat::Toml => {
            let error = Document::parse(text).err()?;
            let at = error.span().map_or(0, |span| span.start);
            let line = text.get(..at).unwrap_or(text).matches('\n').count() + 1;
            Some((line, error.message().replace('\n', ", ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, before: &str, after: &str, expected: Option<&str>) {
        assert_eq!(damage(name, before, after).as_deref(), expected);
    }

    #[test]
    fn the_result_must_parse_with_all_its_comments() {
        let toml = "a = 1 # one\nb = '#'\n";
        check("x.toml", toml, "a = 2 # one\nb = '#'\n", None);
        check("x.toml", toml, "b = '#'\n", None);
        let lost = Some("the comment `# one` would be lost");
        check("x.toml", toml, "a = 2\nb = '#'\n", lost);
        check("x.toml", toml, "a = \n", Some("the result is not TOML"));
        check("x.json", "{}", "{", Some("the result is not JSON"));
        check("x.json", "{", "[", None);
        check("x.txt", "{}", "{", None);
    }

    #[test]
    fn a_syntax_error_has_its_line_and_its_reason() {
        let json = syntax_error("{\n\"a\": 1,\n}", DataFormat::Json);
        assert_eq!(json, Some((3, "trailing comma".to_owned())));
        let toml = syntax_error("a = 1\nb = \n", DataFormat::Toml);
        assert_eq!(toml.map(|(line, _)| line), Some(2));
        assert_eq!(syntax_error("a = 1\n", DataFormat::Toml), None);
    }
}
