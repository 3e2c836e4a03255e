//! Two texts that differ in layout only.

use rnix::{SyntaxKind, SyntaxNode};

/// True if both texts have the same tokens and the same comments in the same
/// order: only whitespace and line ends differ, as they do after a formatter or git's
/// `autocrlf`.
///
/// The indentation that Nix strips from `''…''` is layout. A comma or a pair of
/// parentheses more is a difference.
pub fn tokens_equal(a: &str, b: &str) -> bool {
    a == b || significant(a) == significant(b)
}

/// What [`tokens_equal`] compares: every token as it is written, and the words of every
/// comment after a `#`.
pub fn words_of(text: &str) -> Vec<String> {
    let word = |(kind, word): (SyntaxKind, String)| match kind {
        SyntaxKind::TOKEN_COMMENT => format!("#{word}"),
        _ => word,
    };
    significant(text).into_iter().map(word).collect()
}

/// The tokens of a tree without whitespace and comments.
pub(in crate::nix) fn code_tokens(node: &SyntaxNode) -> Vec<String> {
    node.descendants_with_tokens()
        .filter_map(rnix::NodeOrToken::into_token)
        .filter(|token| !token.kind().is_trivia())
        .map(|token| token.text().to_owned())
        .collect()
}

/// Comment markers aside, what a comment says: formatters turn `/* a */` into `# a`.
pub(in crate::nix) fn comment_words(comment: &str) -> String {
    let inner = comment
        .trim_start_matches(['#', '/', '*'])
        .trim_end_matches(['/', '*']);
    inner.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is open at a place in the token stream.
enum Open {
    /// A string, and where its own content and interpolations went.
    String {
        indented: bool,
        pieces: Vec<usize>,
    },
    Interpolation,
}

fn significant(text: &str) -> Vec<(SyntaxKind, String)> {
    if text.contains("\r\n") {
        return significant(&text.replace("\r\n", "\n"));
    }
    let mut out: Vec<(SyntaxKind, String)> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for (kind, token) in rnix::tokenize(text) {
        match kind {
            SyntaxKind::TOKEN_WHITESPACE => continue,
            SyntaxKind::TOKEN_COMMENT => {
                out.push((kind, comment_words(token)));
                continue;
            }
            SyntaxKind::TOKEN_STRING_CONTENT => note_piece(&mut open, out.len()),
            SyntaxKind::TOKEN_STRING_START => open.push(Open::String {
                indented: token == "''",
                pieces: Vec::new(),
            }),
            SyntaxKind::TOKEN_INTERPOL_START => {
                note_piece(&mut open, out.len());
                open.push(Open::Interpolation);
            }
            SyntaxKind::TOKEN_INTERPOL_END => drop(open.pop()),
            SyntaxKind::TOKEN_STRING_END => {
                if let Some(Open::String {
                    indented: true,
                    pieces,
                }) = open.pop()
                {
                    strip_indentation(&mut out, &pieces);
                }
            }
            _ => {}
        }
        out.push((kind, token.to_owned()));
    }
    out
}

fn note_piece(open: &mut [Open], index: usize) {
    if let Some(Open::String { pieces, .. }) = open.last_mut() {
        pieces.push(index);
    }
}

/// As Nix does it: the least indentation of all lines that hold something goes.
fn strip_indentation(tokens: &mut [(SyntaxKind, String)], pieces: &[usize]) {
    if let Some(&first) = pieces.first() {
        drop_blank_first_line(&mut tokens[first].1);
    }
    let least = least_indentation(tokens, pieces);
    let mut at_line_start = true;
    for (position, &index) in pieces.iter().enumerate() {
        let (kind, text) = &mut tokens[index];
        if *kind == SyntaxKind::TOKEN_INTERPOL_START {
            at_line_start = false;
            continue;
        }
        let is_last = position + 1 == pieces.len();
        *text = without_indentation(text, least, at_line_start, is_last);
        at_line_start = text.ends_with('\n');
    }
}

fn drop_blank_first_line(text: &mut String) {
    if let Some((first, _)) = text.split_once('\n')
        && first.chars().all(|c| c == ' ')
    {
        text.drain(..=first.len());
    }
}

fn least_indentation(tokens: &[(SyntaxKind, String)], pieces: &[usize]) -> usize {
    let mut least = usize::MAX;
    let mut indentation = Some(0);
    for &index in pieces {
        let (kind, text) = &tokens[index];
        if *kind == SyntaxKind::TOKEN_INTERPOL_START {
            least = indentation.take().map_or(least, |here| least.min(here));
            continue;
        }
        for c in text.chars() {
            match (c, indentation) {
                ('\n', _) => indentation = Some(0),
                (' ', Some(here)) => indentation = Some(here + 1),
                (_, Some(here)) => {
                    least = least.min(here);
                    indentation = None;
                }
                (_, None) => {}
            }
        }
    }
    least
}

fn without_indentation(text: &str, least: usize, at_line_start: bool, is_last: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let count = text.split_inclusive('\n').count();
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let begins = number > 0 || at_line_start;
        let blanks = line.bytes().take_while(|byte| *byte == b' ').count();
        let closing_line = is_last && number + 1 == count && blanks == line.len() && begins;
        if closing_line {
            continue;
        }
        out.push_str(&line[if begins { blanks.min(least) } else { 0 }..]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_does_not_count() {
        assert!(tokens_equal("{ a=1; }", "{\n  a = 1;\n}\n"));
        assert!(tokens_equal("{ /* why */ }", "{ # why\n}"));
        assert!(tokens_equal(
            "# why\n{ a = ''\n  x\n''; }\n",
            "# why\r\n{ a = ''\r\n  x\r\n''; }\r\n"
        ));
    }

    #[test]
    fn tokens_and_comments_do() {
        assert!(!tokens_equal("{ a = 1; }", "{ a = 2; }"));
        assert!(!tokens_equal("{ a = 1; }", "{ a = (1); }"));
        assert!(!tokens_equal("{ a }: a", "{ a, }: a"));
        assert!(!tokens_equal("{ # why\n}", "{ }"));
        assert!(!tokens_equal("\"a b\"", "\"a  b\""));
    }

    #[test]
    fn stripped_indentation_is_layout() {
        let a = "{ a = ''\n  x ${f ''\n y''}\n    z\n''; }";
        let b = "{\n  a = ''\n    x ${\n      f ''\n        y''\n    }\n      z\n  '';\n}";
        assert!(tokens_equal(a, b));
        assert!(!tokens_equal("''\n  x\n    z\n''", "''\n  x\n  z\n''"));
        assert!(!tokens_equal("''\n  x\n\n''", "''\n  x\n''"));
    }
}
