//! Splits key lines into words, like OpenSSH.

/// The first word and the rest of the line, both without spaces and tabs around them.
pub(super) fn first_word(line: &str) -> (&str, &str) {
    let line = trim(line);
    match line.find(BLANKS) {
        Some(at) => (&line[..at], trim(&line[at..])),
        None => (line, ""),
    }
}

/// As [`first_word`], for options: a blank between double quotes does not end the word, and
/// `\"` is no quote. `None` if a quote is not closed.
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

/// The line without blanks and line ends around it.
pub(super) fn trim(line: &str) -> &str {
    line.trim_matches([' ', '\t', '\r', '\n'])
}

const BLANKS: [char; 2] = [' ', '\t'];
