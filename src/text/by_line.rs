//! Lines of a text by byte offset, and what kind of line each is.

use std::ops::Range;

/// The line that holds `offset`, with its line end.
pub(crate) fn line_at(text: &str, offset: usize) -> Range<usize> {
    let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let end = text[offset..]
        .find('\n')
        .map_or(text.len(), |at| offset + at + 1);
    start..end
}

/// The line before the one that begins at `start`.
pub(crate) fn line_before(text: &str, start: usize) -> Option<Range<usize>> {
    (start > 0).then(|| line_at(text, start - 1))
}

/// The line that begins at `start`, unless the text ends there.
pub(crate) fn line_after(text: &str, start: usize) -> Option<Range<usize>> {
    (start < text.len()).then(|| line_at(text, start))
}

/// True if the line holds nothing but blanks.
pub(crate) fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

/// True if the line holds nothing but a comment.
pub(crate) fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

/// The blanks at the front of the line that holds `offset`.
pub(crate) fn indent(text: &str, offset: usize) -> &str {
    let line = &text[line_at(text, offset)];
    let front = line.len() - line.trim_start_matches([' ', '\t']).len();
    &line[..front]
}

/// The line end that the text uses: that of its first line.
pub(crate) fn line_end(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// Puts whole lines (each ended) before the line that begins at `offset`. At the
/// end of a text whose last line is not ended, that stays so.
pub(crate) fn insertion(text: &str, offset: usize, lines: &str) -> String {
    if offset < text.len() || text.is_empty() || text.ends_with('\n') {
        return lines.to_owned();
    }
    let end = line_end(text);
    format!("{end}{}", lines.strip_suffix(end).unwrap_or(lines))
}

/// The range whose deletion takes whole lines away: the opposite of
/// [`insertion`].
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
