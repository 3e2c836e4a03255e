//! Text of the user's files, made safe to show.

/// The text with every character that would act on a terminal, or hide in it,
/// replaced by one that can be seen.
///
/// Line breaks count as such characters: a name cannot begin a line of its own.
pub fn visible(text: &str) -> String {
    text.chars()
        .map(|c| if acts(c) { stand_in(c) } else { c })
        .collect()
}

/// As [`visible`], with line breaks kept: for a snippet to paste.
pub(super) fn visible_lines(text: &str) -> String {
    let keep = |c: char| c == '\n' || !acts(c);
    text.chars()
        .map(|c| if keep(c) { c } else { stand_in(c) })
        .collect()
}

/// As [`visible_lines`], with every byte offset kept: each character gives way to
/// one of its own length in UTF-8.
pub(super) fn visible_in_place(text: &str) -> String {
    let swap = |c: char| match c {
        '\n' | '\t' => c,
        // The carriage return of a Windows line end says nothing.
        '\r' => ' ',
        c if acts(c) => stand_in_of_length(c.len_utf8()),
        c => c,
    };
    text.chars().map(swap).collect()
}

/// True for controls (C0, DEL, C1) and for the format characters that reorder,
/// join or hide text (Unicode UAX 9 and UTS 39; language tags).
fn acts(c: char) -> bool {
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
fn stand_in(c: char) -> char {
    match u32::from(c) {
        code @ 0..0x20 => char::from_u32(0x2400 + code).unwrap_or('\u{fffd}'),
        0x7f => '\u{2421}',
        _ => '\u{fffd}',
    }
}

fn stand_in_of_length(bytes: usize) -> char {
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
        assert!(shown.chars().all(|c| c == '\n' || !acts(c)));
        assert_eq!(shown.find("red"), HOSTILE.find("red"));
    }

    #[test]
    fn ordinary_text_is_left_alone() {
        assert_eq!(visible("größe → `x`"), "größe → `x`");
    }
}
