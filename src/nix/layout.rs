//! Lines, blanks and indentation, copied and never computed where a neighbour shows them.

use std::ops::Range;

/// Where the line that holds `at` begins.
pub(in crate::nix) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// Where the line that holds `at` ends, before its line break.
pub(in crate::nix) fn line_end(text: &str, at: usize) -> usize {
    let end = text[at..].find('\n').map_or(text.len(), |ahead| at + ahead);
    if text[at..end].ends_with('\r') {
        end - 1
    } else {
        end
    }
}

/// The line break at the end of a line; `\n` where the text ends without one.
pub(in crate::nix) fn line_break(text: &str, line_end: usize) -> &'static str {
    if text[line_end..].starts_with("\r\n") {
        "\r\n"
    } else {
        "\n"
    }
}

/// Where the line after the one that holds `at` begins.
pub(in crate::nix) fn next_line(text: &str, at: usize) -> usize {
    text[at..]
        .find('\n')
        .map_or(text.len(), |ahead| at + ahead + 1)
}

/// True if only blanks stand between the line's begin and `at`.
pub(in crate::nix) fn is_first_on_line(text: &str, at: usize) -> bool {
    is_blank(&text[line_start(text, at)..at])
}

/// True if only blanks stand between `at` and the line's end.
pub(in crate::nix) fn is_last_on_line(text: &str, at: usize) -> bool {
    is_blank(&text[at..line_end(text, at)])
}

/// The blanks that bring a new line to the column of `at`: tabs stay tabs.
pub(in crate::nix) fn column_indent(text: &str, at: usize) -> String {
    text[line_start(text, at)..at]
        .chars()
        .map(|c| if c == '\t' { '\t' } else { ' ' })
        .collect()
}

/// The blanks that the line of `at` begins with.
pub(in crate::nix) fn indent_of_line(text: &str, at: usize) -> &str {
    let line = &text[line_start(text, at)..];
    let width = line.len() - line.trim_start_matches([' ', '\t']).len();
    &line[..width]
}

/// One step of indentation, as the file's first indented line shows it.
pub(in crate::nix) fn indent_step(text: &str) -> &'static str {
    let first = text
        .lines()
        .find(|line| line.starts_with([' ', '\t']) && !is_blank(line));
    match first {
        Some(line) if line.starts_with('\t') => "\t",
        Some(line) if line.starts_with("    ") && !line.starts_with("     ") => "    ",
        _ => "  ",
    }
}

/// The blanks and line breaks right before `at`.
pub(in crate::nix) fn space_before(text: &str, at: usize) -> Range<usize> {
    text[..at].trim_end_matches([' ', '\t', '\r', '\n']).len()..at
}

/// The blanks and line breaks right behind `at`.
pub(in crate::nix) fn space_after(text: &str, at: usize) -> Range<usize> {
    let rest = &text[at..];
    let width = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
    at..at + width
}

/// How many blank lines follow directly on the line that holds `at`.
pub(in crate::nix) fn blank_lines_after(text: &str, at: usize) -> usize {
    let mut start = next_line(text, at);
    let mut count = 0;
    while start < text.len() && is_blank(&text[start..line_end(text, start)]) {
        count += 1;
        start = next_line(text, start);
    }
    count
}

/// True if nothing but blanks is there.
pub(in crate::nix) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| matches!(c, ' ' | '\t' | '\r' | '\n'))
}

/// Where the comments end that follow `at` on its line, and whether anything but
/// a line break comes after them.
pub(in crate::nix) struct Trailing {
    /// End of the last comment, or `at` if there is none.
    pub(in crate::nix) end: usize,
    /// The next thing stands on the same line.
    pub(in crate::nix) goes_on: bool,
}

/// Reads the comments behind `at`, which must not be inside a string or comment.
pub(in crate::nix) fn trailing(text: &str, at: usize) -> Trailing {
    let mut end = at;
    loop {
        let rest = text[end..].trim_start_matches([' ', '\t']);
        let start = text.len() - rest.len();
        if rest.starts_with('#') {
            let end = line_end(text, start);
            return Trailing {
                end,
                goes_on: false,
            };
        }
        let Some(width) = rest.strip_prefix("/*").and_then(|inner| inner.find("*/")) else {
            let goes_on = !is_last_on_line(text, end);
            return Trailing { end, goes_on };
        };
        end = start + width + 4;
    }
}

/// True if the last comment of a gap between two things runs to its line's end.
pub(in crate::nix) fn ends_in_line_comment(gap: &str) -> bool {
    let mut rest = gap.trim_start();
    let mut ends_so = false;
    while !rest.is_empty() {
        ends_so = rest.starts_with('#');
        let end = if ends_so {
            rest.find('\n').map(|at| at + 1)
        } else {
            rest.find("*/").map(|at| at + 2)
        };
        rest = end.map_or("", |end| rest[end..].trim_start());
    }
    ends_so
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_ends_before_its_break() {
        assert_eq!(line_end("ab\r\nc", 1), 2);
        assert_eq!(line_end("ab\nc", 0), 2);
        assert_eq!(line_end("ab", 0), 2);
        assert_eq!(line_break("ab\r\nc", 2), "\r\n");
    }

    #[test]
    fn comments_behind_a_thing_belong_to_it() {
        let text = "a /* b */ # c\r\nd";
        assert_eq!(&text[..trailing(text, 1).end], "a /* b */ # c");
        let text = "a /* b */ d";
        let found = trailing(text, 1);
        assert_eq!((&text[..found.end], found.goes_on), ("a /* b */", true));
    }

    #[test]
    fn a_line_comment_needs_its_line_break() {
        assert!(ends_in_line_comment(" /* a */ # b */\n "));
        assert!(!ends_in_line_comment(" # a\n /* # b */ "));
        assert!(!ends_in_line_comment("\n "));
    }

    #[test]
    fn blank_lines_are_counted_up_to_the_next_thing() {
        assert_eq!(blank_lines_after("a\n\n \nb", 0), 2);
        assert_eq!(blank_lines_after("a\nb", 0), 0);
    }
}
