//! The diff that is shown before anything is written.

use similar::{ChangeTag, InlineChange, TextDiff};

/// How many unchanged lines are shown around a change.
const CONTEXT: usize = 3;

/// The unified diff of two texts in git's format; empty if they are equal.
///
/// `None` stands for a file that does not exist, and is shown as `/dev/null`.
pub fn unified(path: &str, before: Option<&str>, after: Option<&str>) -> String {
    let [old, new] = headers(path, path, before, after);
    TextDiff::from_lines(before.unwrap_or(""), after.unwrap_or(""))
        .unified_diff()
        .context_radius(CONTEXT)
        .header(&old, &new)
        .to_string()
}

/// The difference of a file that moves, in git's format: both paths, and what changes.
pub fn moved(from: &str, to: &str, before: &str, after: Option<&str>) -> String {
    let [old, new] = headers(from, to, Some(before), after.or(Some("")));
    let hunks = TextDiff::from_lines(before, after.unwrap_or(""))
        .unified_diff()
        .context_radius(CONTEXT)
        .header(&old, &new)
        .to_string();
    format!("rename from {from}\nrename to {to}\n{hunks}")
}

/// The names of a file in the headers of a diff: before and after.
pub(crate) fn headers(
    old: &str,
    new: &str,
    before: Option<&str>,
    after: Option<&str>,
) -> [String; 2] {
    let nothing = || "/dev/null".to_owned();
    [
        before.map_or_else(nothing, |_| format!("a/{old}")),
        after.map_or_else(nothing, |_| format!("b/{new}")),
    ]
}

/// Neighbouring changes, with unchanged lines around them.
pub(crate) struct Hunk {
    /// The line that says where it is: `@@ -1,2 +1,2 @@`.
    pub(crate) header: String,
    /// Its lines, in order.
    pub(crate) lines: Vec<HunkLine>,
}

/// A line of a hunk.
pub(crate) struct HunkLine {
    /// `+`, `-` or a blank.
    pub(crate) sign: char,
    /// The line in parts, with its line end; `true` for the words that its counterpart on
    /// the other side does not have.
    pub(crate) parts: Vec<(bool, String)>,
}

/// The hunks that [`unified`] prints, word by word where a line changes.
pub(crate) fn hunks(before: &str, after: &str) -> Vec<Hunk> {
    let diff = TextDiff::from_lines(before, after);
    let mut unified = diff.unified_diff();
    let hunks = unified.context_radius(CONTEXT).iter_hunks();
    let hunk = |hunk: similar::udiff::UnifiedDiffHunk<'_, '_, '_, str>| {
        let ops = hunk.ops().iter();
        let lines = ops.flat_map(|op| diff.iter_inline_changes(op));
        Hunk {
            header: hunk.header().to_string(),
            lines: lines.map(|line| hunk_line(&line)).collect(),
        }
    };
    hunks.map(hunk).collect()
}

fn hunk_line(line: &InlineChange<'_, str>) -> HunkLine {
    let parts = line.iter_strings_lossy();
    HunkLine {
        sign: match line.tag() {
            ChangeTag::Equal => ' ',
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
        },
        parts: parts
            .map(|(is_changed, text)| (is_changed, text.into_owned()))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_line_shows_with_its_neighbours() {
        let diff = unified("f", Some("a\nb\n"), Some("a\nc\n"));
        assert_eq!(diff, "--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n");
    }

    #[test]
    fn a_new_file_comes_from_nowhere() {
        assert!(unified("f", None, Some("a\n")).starts_with("--- /dev/null\n+++ b/f\n"));
    }

    #[test]
    fn the_words_that_change_are_marked() {
        let hunks = hunks("port = 22; # old one\n", "port = 2222; # old one\n");
        let changed = hunks[0].lines.iter().flat_map(|line| &line.parts);
        let changed: Vec<&str> = changed
            .filter(|(is_changed, _)| *is_changed)
            .map(|(_, text)| text.as_str())
            .collect();
        assert_eq!(changed, ["22;", "2222;"]);
    }
}
