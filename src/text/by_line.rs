//! The lines of a text by byte offset.

use std::ops::Range;

/// The line that contains `offset`, with its line end.
pub(crate) fn line_at(text: &str, offset: usize) -> Range<usize> {
    let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let end = text[offset..]
        .find('\n')
        .map_or(text.len(), |at| offset + at + 1);
    start..end
}

/// The line before the one that begins at `start`; `None` for the first line.
pub(crate) fn line_before(text: &str, start: usize) -> Option<Range<usize>> {
    (start > 0).then(|| line_at(text, start - 1))
}

/// The line that begins at `start`; `None` at the end of the text.
pub(crate) fn line_after(text: &str, start: usize) -> Option<Range<usize>> {
    (start < text.len()).then(|| line_at(text, start))
}

/// True if the line is blank.
pub(crate) fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

/// True if the line is only a comment.
pub(crate) fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

/// The indentation of the line that contains `offset`.
pub(crate) fn indent(text: &str, offset: usize) -> &str {
    let line = &text[line_at(text, offset)];
    let front = line.len() - line.trim_start_matches([' ', '\t']).len();
    &line[..front]
}

/// The line end of the text: `\r\n` if its first line has that, else `\n`.
pub(crate) fn line_end(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// The text to insert at `offset` so that whole `lines`, each with its line end, stand
/// before the line that begins there. At the end of a text without a final line end, the
/// text gets none.
pub(crate) fn insertion(text: &str, offset: usize, lines: &str) -> String {
    if offset < text.len() || text.is_empty() || text.ends_with('\n') {
        return lines.to_owned();
    }
    let end = line_end(text);
    format!("{end}{}", lines.strip_suffix(end).unwrap_or(lines))
}

/// The range to delete to remove whole lines: the inverse of [`insertion`].
pub(crate) fn deletion(text: &str, lines: Range<usize>) -> Range<usize> {
    if lines.end < text.len() || text.ends_with('\n') {
        return lines;
    }
    let before = text[..lines.start]
        .strip_suffix('\n')
        .unwrap_or(&text[..lines.start]);
    let before = before.strip_suffix('\r').unwrap_or(before);
    before.len()..lines.end
}
