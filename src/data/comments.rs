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
            let before = words.partition_point(|word| word.start <= start);
            let word = before.checked_sub(1).map(|last| &words[last]);
            if let Some(word) = word.filter(|word| word.contains(&start)) {
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

    /// The bytes of all keys and values, in order and apart: a `#` in them begins no
    /// comment.
    fn words(&self) -> Vec<Range<usize>> {
        let statements = self.statements.iter();
        let mut words: Vec<Range<usize>> =
            statements.map(|one| one.range.start..one.value).collect();
        self.root.words(&mut words);
        words.sort_by_key(|word| word.start);
        let mut apart: Vec<Range<usize>> = Vec::with_capacity(words.len());
        for word in words {
            match apart.last_mut().filter(|last| word.start <= last.end) {
                Some(last) => last.end = last.end.max(word.end),
                None => apart.push(word),
            }
        }
        apart
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
