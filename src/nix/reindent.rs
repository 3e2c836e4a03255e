//! Text of several lines, moved to another column.

use rnix::SyntaxKind;

/// Puts `indent` before every line but the first, and gives all lines the same break.
///
/// What strings say stays the same: lines that begin inside `"…"` are not moved,
/// and those inside `''…''` are moved by blanks only, which Nix strips again
/// (it does not strip tabs).
pub(in crate::nix) fn reindent(text: &str, indent: &str, line_break: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut strings: Vec<Inside> = Vec::new();
    for (kind, token) in rnix::tokenize(text) {
        let inside = strings.last().copied().unwrap_or(Inside::Code);
        match kind {
            SyntaxKind::TOKEN_STRING_START => strings.push(if token == "''" {
                Inside::Indented
            } else {
                Inside::Quoted
            }),
            SyntaxKind::TOKEN_INTERPOL_START => strings.push(Inside::Code),
            SyntaxKind::TOKEN_STRING_END | SyntaxKind::TOKEN_INTERPOL_END => drop(strings.pop()),
            _ => {}
        }
        push_token(&mut out, token, inside.indent(indent), line_break, inside);
    }
    out
}

/// What a line begins in.
#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Code,
    Quoted,
    Indented,
}

impl Inside {
    fn indent(self, indent: &str) -> &str {
        match self {
            Self::Code => indent,
            Self::Indented if indent.chars().all(|c| c == ' ') => indent,
            Self::Indented | Self::Quoted => "",
        }
    }
}

fn push_token(out: &mut String, token: &str, indent: &str, line_break: &str, inside: Inside) {
    let mut lines = token.split('\n').peekable();
    while let Some(line) = lines.next() {
        let is_last = lines.peek().is_none();
        out.push_str(if inside == Inside::Code {
            line.trim_end_matches('\r')
        } else {
            line
        });
        if is_last {
            return;
        }
        let in_string = inside != Inside::Code;
        out.push_str(if in_string { "\n" } else { line_break });
        let empty_ahead = lines
            .peek()
            .is_some_and(|next| next.trim_end_matches('\r').is_empty());
        let ends_here = empty_ahead && is_final(&lines);
        if !empty_ahead || ends_here {
            out.push_str(indent);
        }
    }
}

/// An empty last piece means that the next token follows on that line.
fn is_final<'a>(lines: &std::iter::Peekable<impl Iterator<Item = &'a str> + Clone>) -> bool {
    lines.clone().count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_but_the_first_moves() {
        assert_eq!(
            reindent("a = [\n  1\n\n  2\n];", "  ", "\n"),
            "a = [\n    1\n\n    2\n  ];"
        );
        assert_eq!(reindent("a\nb", "\t", "\r\n"), "a\r\n\tb");
    }

    #[test]
    fn strings_keep_their_meaning() {
        assert_eq!(reindent("a = \"x\ny\";", "  ", "\n"), "a = \"x\ny\";");
        assert_eq!(
            reindent("a = ''\n  x\n\n'';", "  ", "\n"),
            "a = ''\n    x\n\n  '';"
        );
        assert_eq!(reindent("a = ''\n  x\n'';", "\t", "\n"), "a = ''\n  x\n'';");
    }
}
