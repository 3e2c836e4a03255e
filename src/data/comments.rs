//! The comments of TOML.

use std::ops::Range;

use super::Data;
use super::tree::{Node, NodeKind};
use crate::text::by_line::line_at;

impl Data {
    /// The comments, each with the blanks or the line that would be left over.
    pub(super) fn comments(&self) -> Vec<Range<usize>> {
        let words = self.words();
        let mut comments = Vec::new();
        let mut from = 0;
        while let Some(start) = self.text[from..].find('#').map(|at| from + at) {
            if let Some(word) = words.iter().find(|word| word.contains(&start)) {
                from = word.end;
                continue;
            }
            let line = line_at(&self.text, start);
            from = line.end;
            comments.push(self.comment_at(start, line));
        }
        comments
    }

    fn comment_at(&self, start: usize, line: Range<usize>) -> Range<usize> {
        let front = self.text[line.start..start].trim_end();
        if front.is_empty() {
            return line;
        }
        let text = self.text[line.clone()].trim_end_matches(['\r', '\n']);
        line.start + front.len()..line.start + text.len()
    }

    /// The bytes of every key and value: a `#` in them begins no comment.
    fn words(&self) -> Vec<Range<usize>> {
        let mut words = Vec::new();
        for one in &self.statements {
            let value = self.root.node(&one.path).filter(|_| !one.is_header);
            let value = value.and_then(|value| value.range.clone());
            words.push(one.range.start..value.map_or(one.range.end, |range| range.start));
        }
        self.root.words(&mut words);
        words.sort_by_key(|word| word.start);
        words
    }
}

impl Node {
    fn words(&self, words: &mut Vec<Range<usize>>) {
        match &self.kind {
            NodeKind::Scalar(_) | NodeKind::Other(_) => words.extend(self.range.clone()),
            NodeKind::List(items) => items.iter().for_each(|item| item.words(words)),
            NodeKind::Table(members) => {
                for member in members {
                    words.push(member.key.clone());
                    member.value.words(words);
                }
            }
        }
    }
}
