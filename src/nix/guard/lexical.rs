//! Where Nix's own lexer reads something else than rnix does, or nothing at all.

use rnix::SyntaxKind;

use crate::nix::syntax_error::SyntaxError;

/// Looks at one token that begins at `start`, inside the string that begins at `string`.
pub(super) fn check(
    kind: SyntaxKind,
    token: &str,
    start: usize,
    string: Option<usize>,
) -> Result<(), SyntaxError> {
    match kind {
        SyntaxKind::TOKEN_ERROR => Err(not_a_token(token, start, string)),
        SyntaxKind::TOKEN_COMMENT if token.starts_with('#') => check_comment(token, start),
        SyntaxKind::TOKEN_WHITESPACE => check_whitespace(token, start),
        _ => Ok(()),
    }
}

/// Nix ends a comment at a carriage return, rnix at a line feed.
fn check_comment(token: &str, start: usize) -> Result<(), SyntaxError> {
    let inner = token.strip_suffix('\r').unwrap_or(token);
    let Some(at) = inner.find('\r').map(|at| start + at) else {
        return Ok(());
    };
    let message = "a carriage return in a comment: Nix ends the comment there";
    Err(SyntaxError::new(message, at..at + 1))
}

/// Nix knows four kinds of blanks, rnix all of Unicode's.
fn check_whitespace(token: &str, start: usize) -> Result<(), SyntaxError> {
    let is_odd = |c: char| !matches!(c, ' ' | '\t' | '\n' | '\r');
    let Some((at, odd)) = token.char_indices().find(|(_, c)| is_odd(*c)) else {
        return Ok(());
    };
    let message = format!("unexpected character U+{:04X}", u32::from(odd));
    let range = start + at..start + at + odd.len_utf8();
    Err(SyntaxError::new(message, range).with_help("it looks like a space; replace it by one"))
}

fn not_a_token(token: &str, start: usize, string: Option<usize>) -> SyntaxError {
    let range = start..start + token.len();
    if token.starts_with("/*") {
        return SyntaxError::new("this comment is never closed", start..start + 2);
    }
    if let Some(opener) = string {
        return SyntaxError::new("this string is never closed", opener..opener + 1);
    }
    if token.ends_with('/') {
        return SyntaxError::new("a path must not end in `/`", range);
    }
    if token.is_empty() {
        return SyntaxError::new("unexpected end of file", range);
    }
    SyntaxError::new(format!("unexpected `{token}`"), range)
}
