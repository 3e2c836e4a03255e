//! Reads JSON into the tree.
//!
//! `serde_json` decides what is JSON and what a string or a number is; this reader only
//! finds their bytes.

use std::ops::Range;

use serde::de::IgnoredAny;

use super::tree::{Member, Node, NodeKind};

/// The value of a whole text.
pub(super) fn parse(text: &str) -> Option<Node> {
    // It also bounds how deep values may be nested.
    serde_json::from_str::<IgnoredAny>(text).ok()?;
    JsonReader { text, at: 0 }.value()
}

struct JsonReader<'t> {
    text: &'t str,
    at: usize,
}

impl JsonReader<'_> {
    fn value(&mut self) -> Option<Node> {
        self.skip_blanks();
        let start = self.at;
        let kind = match self.next()? {
            '{' => self.table()?,
            '[' => self.list()?,
            '"' => NodeKind::Scalar(serde_json::from_str(&self.text[self.string()?]).ok()?),
            _ => NodeKind::Scalar(serde_json::from_str(&self.text[self.word()]).ok()?),
        };
        let range = Some(start..self.at);
        Some(Node { range, kind })
    }

    fn table(&mut self) -> Option<NodeKind> {
        let mut members = Vec::new();
        self.at += 1;
        while !self.is_over('}')? {
            let key = self.string()?;
            self.skip_blanks();
            // The colon.
            self.at += 1;
            members.push(Member {
                name: serde_json::from_str::<String>(&self.text[key.clone()])
                    .ok()?
                    .into(),
                key,
                value: self.value()?,
            });
        }
        Some(NodeKind::Table(members))
    }

    fn list(&mut self) -> Option<NodeKind> {
        let mut items = Vec::new();
        self.at += 1;
        while !self.is_over(']')? {
            items.push(self.value()?);
        }
        Some(NodeKind::List(items))
    }

    /// Goes over blanks and a comma; true, and past it, at the closing bracket.
    fn is_over(&mut self, bracket: char) -> Option<bool> {
        self.skip_blanks();
        if self.next()? == ',' {
            self.at += 1;
            self.skip_blanks();
        }
        let is_over = self.next()? == bracket;
        self.at += usize::from(is_over);
        Some(is_over)
    }

    fn string(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        let mut is_escaped = false;
        let inside = self.text.get(start + 1..)?;
        let closing = inside.find(|c| {
            let is_end = c == '"' && !is_escaped;
            is_escaped = c == '\\' && !is_escaped;
            is_end
        })?;
        self.at = start + closing + 2;
        Some(start..self.at)
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Range<usize> {
        let start = self.at;
        let rest = &self.text[start..];
        let goes_on = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
        self.at += rest.find(|c| !goes_on(c)).unwrap_or(rest.len());
        start..self.at
    }

    fn next(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn skip_blanks(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_range_is_that_of_its_value_as_serde_reads_it() {
        let text =
            "\r\n{ \"a\\\"b\" : [1,-2.5e3 , true,null,\"\\u00e9}\"],\n\t\"\":{ } ,\"c\":[ ]}\n";
        let node = parse(text).unwrap();
        let read: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(node.value(), read);
        let NodeKind::Table(members) = &node.kind else {
            panic!("a table")
        };
        assert_eq!(&text[members[0].key.clone()], "\"a\\\"b\"");
        assert_eq!(&text[members[1].value.range.clone().unwrap()], "{ }");
        assert_eq!(&text[node.range.unwrap()], text.trim());
    }

    #[test]
    fn what_is_not_json_is_nothing() {
        for text in ["", "{", "{\"a\":1,}", "[1] 2", "{'a':1}", "// a\n{}"] {
            assert!(parse(text).is_none(), "{text}");
        }
    }
}
