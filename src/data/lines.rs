//! The lines of TOML on which something is written, and the comments that touch them.

use std::ops::Range;

use super::Data;
use super::statements::Statement;
use super::tree::Segment;
use crate::text::by_line::{is_blank, is_comment, line_after, line_at, line_before};

impl Data {
    /// The statements about the value at a path.
    pub(super) fn statements_of(&self, path: &[Segment]) -> impl Iterator<Item = &Statement> {
        self.statements.iter().filter(move |one| one.is_of(path))
    }

    /// The lines about the value at a path: a range for those that are together.
    pub(super) fn lines_of(&self, path: &[Segment]) -> Vec<Range<usize>> {
        let runs = self
            .statements
            .chunk_by(|a, b| a.is_of(path) == b.is_of(path));
        let own = runs.filter(|run| run[0].is_of(path));
        own.map(|run| self.start_of(run)..self.end_of(run))
            .collect()
    }

    /// Each header with its assignments, and before them those above all headers.
    pub(super) fn sections(&self) -> impl DoubleEndedIterator<Item = &[Statement]> {
        self.statements.chunk_by(|_, next| !next.is_header)
    }

    /// Where the first line of these statements begins.
    pub(super) fn start_of(&self, statements: &[Statement]) -> usize {
        line_at(&self.text, statements[0].range.start).start
    }

    /// Where the last line of these statements ends.
    pub(super) fn end_of(&self, statements: &[Statement]) -> usize {
        line_at(&self.text, statements[statements.len() - 1].range.end).end
    }

    /// Before the comments directly above the line that begins here.
    pub(super) fn above_comments(&self, mut start: usize) -> usize {
        while let Some(line) = line_before(&self.text, start)
            && is_comment(&self.text[line.clone()])
        {
            start = line.start;
        }
        start
    }

    /// Past the comments directly below the line that ends here, unless they touch the
    /// next statement: then they are about that.
    pub(super) fn below_comments(&self, content: usize) -> usize {
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
}
