//! Escapes text of the user's files for the terminal.

use crate::text::without_passwords;

/// The text with every character that would control a terminal, or hide in one, replaced by
/// a visible character.
///
/// Line breaks are replaced too: a name cannot begin a line of its own.
pub fn visible(text: &str) -> String {
    without_passwords(text)
        .chars()
        .map(|c| if is_hostile(c) { replacement(c) } else { c })
        .collect()
}

/// As [`visible`], but keeps line breaks: for a snippet to paste, or a program's output.
pub fn visible_lines(text: &str) -> String {
    let keep = |c: char| c == '\n' || !is_hostile(c);
    without_passwords(text)
        .chars()
        .map(|c| if keep(c) { c } else { replacement(c) })
        .collect()
}

/// As [`visible_lines`], but keeps every byte offset: the replacement has the same length in
/// UTF-8.
pub(super) fn visible_in_place(text: &str) -> String {
    let swap = |c: char| match c {
        '\n' | '\t' => c,
        // The carriage return of a Windows line end needs no replacement that is seen.
        '\r' => ' ',
        c if is_hostile(c) => replacement_of_length(c.len_utf8()),
        c => c,
    };
    without_passwords(text).chars().map(swap).collect()
}

/// True for controls (C0, DEL, C1) and for the format characters that reorder,
/// join or hide text (Unicode UAX 9 and UTS 39; language tags).
fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// The control pictures of Unicode for C0 and DEL, the replacement character for
/// the rest.
fn replacement(c: char) -> char {
    match u32::from(c) {
        code @ 0..0x20 => char::from_u32(0x2400 + code).unwrap_or('\u{fffd}'),
        0x7f => '\u{2421}',
        _ => '\u{fffd}',
    }
}

fn replacement_of_length(bytes: usize) -> char {
    match bytes {
        1 => '?',
        2 => '\u{bf}',
        3 => '\u{fffd}',
        _ => '\u{10102}',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "\u{1b}[31mred\u{9b}0m\u{202e}\u{e0041}\u{61c}\r\n";

    #[test]
    fn no_password_of_a_url_is_seen() {
        let url = "https://thomas:opén@cache.example.org/x";
        assert_eq!(visible(url), "https://thomas:*****@cache.example.org/x");
        assert_eq!(visible_in_place(url).len(), url.len());
    }

    #[test]
    fn escapes_bidi_marks_and_line_breaks_can_be_seen() {
        assert_eq!(
            visible(HOSTILE),
            "␛[31mred\u{fffd}0m\u{fffd}\u{fffd}\u{fffd}␍␊"
        );
    }

    #[test]
    fn offsets_survive_in_place() {
        let shown = visible_in_place(HOSTILE);
        assert_eq!(shown.len(), HOSTILE.len());
        assert!(shown.chars().all(|c| c == '\n' || !is_hostile(c)));
        assert_eq!(shown.find("red"), HOSTILE.find("red"));
    }

    #[test]
    fn ordinary_text_is_left_alone() {
        assert_eq!(visible("größe → `x`"), "größe → `x`");
    }
}
