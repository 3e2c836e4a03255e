//! Words of key lines, as OpenSSH splits them.

/// The first word and what follows it; blanks (spaces, tabs) around both are
/// dropped, however many there are.
pub(super) fn first_word(line: &str) -> (&str, &str) {
    let line = trim(line);
    match line.find(BLANKS) {
        Some(at) => (&line[..at], trim(&line[at..])),
        None => (line, ""),
    }
}

/// As [`first_word`], for options: a blank between double quotes does not end
/// the word, and `\"` is no quote. `None` if a quote stays open.
pub(super) fn first_quoted_word(line: &str) -> Option<(&str, &str)> {
    let line = trim(line);
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in line.char_indices() {
        match c {
            '"' if !escaped => quoted = !quoted,
            ' ' | '\t' if !quoted => return Some((&line[..at], trim(&line[at..]))),
            _ => {}
        }
        escaped = c == '\\';
    }
    (!quoted).then_some((line, ""))
}

/// Without the blanks and line ends around it.
pub(super) fn trim(line: &str) -> &str {
    line.trim_matches([' ', '\t', '\r', '\n'])
}

const BLANKS: [char; 2] = [' ', '\t'];
