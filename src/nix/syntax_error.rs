//! A parser's complaint in the words of the people who write Nix.

use std::ops::Range;

use rnix::{ParseError, SyntaxKind};

use serde::{Deserialize, Serialize};

use crate::nix::range::bytes;
use crate::text::{HOW_TO_RESOLVE, unresolved_conflict};

/// Why a text is not Nix: the first mistake only, since one mistake breeds others.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{message}")]
pub struct SyntaxError {
    /// What is wrong, as a lowercase phrase.
    pub message: String,
    /// The bytes it is about.
    pub range: Range<usize>,
    /// What to do, if that is known.
    pub help: Option<String>,
}

impl SyntaxError {
    pub(in crate::nix) fn new(message: impl Into<String>, range: Range<usize>) -> Self {
        Self {
            message: message.into(),
            range,
            help: None,
        }
    }

    pub(in crate::nix) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// What is wrong with a text that has marks of a conflict, and is no Nix.
    pub(in crate::nix) fn of_conflict(text: &str) -> Option<Self> {
        let marks = unresolved_conflict(text)?;
        let error = Self::new("a conflict that is not resolved", marks);
        Some(error.with_help(HOW_TO_RESOLVE))
    }

    pub(in crate::nix) fn from_parser(text: &str, error: &ParseError) -> Self {
        match error {
            ParseError::Unexpected(range) | ParseError::UnexpectedExtra(range) => {
                unexpected(text, bytes(*range), &[])
            }
            ParseError::UnexpectedWanted(_, range, wanted) => {
                unexpected(text, bytes(*range), wanted)
            }
            ParseError::UnexpectedDoubleBind(range) => {
                Self::new("the arguments are named twice", bytes(*range))
            }
            ParseError::DuplicatedArgs(range, name) => Self::new(
                format!("the argument `{name}` is there twice"),
                bytes(*range),
            ),
            ParseError::UnexpectedEOFWanted(wanted) => Self::new(
                format!("unexpected end of file{}", expected(wanted)),
                end_of(text),
            ),
            ParseError::RecursionLimitExceeded => Self::new(
                "this expression is nested too deeply to be read",
                end_of(text),
            ),
            _ => Self::new("unexpected end of file", end_of(text)),
        }
    }
}

fn unexpected(text: &str, range: Range<usize>, wanted: &[SyntaxKind]) -> SyntaxError {
    let first = text[range.clone()].trim_start();
    let start = range.end - first.len();
    let word: String = first
        .chars()
        .take_while(|c| !c.is_whitespace())
        .take(40)
        .collect();
    let range = start..start + word.len();
    SyntaxError::new(format!("unexpected `{word}`{}", expected(wanted)), range)
}

/// The last byte that says something: an error behind it would point at nothing.
fn end_of(text: &str) -> Range<usize> {
    let end = text.trim_end().len();
    let last = text[..end].chars().next_back().map_or(0, char::len_utf8);
    end - last..end
}

fn expected(wanted: &[SyntaxKind]) -> String {
    let mut words: Vec<&str> = wanted.iter().filter_map(|kind| word(*kind)).collect();
    words.dedup();
    match words.as_slice() {
        [] => String::new(),
        [one] => format!(", expected {one}"),
        [most @ .., last] => format!(", expected {} or {last}", most.join(", ")),
    }
}

/// Only what a person would write there; expressions begin in too many ways to list.
fn word(kind: SyntaxKind) -> Option<&'static str> {
    Some(match kind {
        SyntaxKind::TOKEN_SEMICOLON => "`;`",
        SyntaxKind::TOKEN_ASSIGN => "`=`",
        SyntaxKind::TOKEN_COLON => "`:`",
        SyntaxKind::TOKEN_R_BRACE | SyntaxKind::TOKEN_INTERPOL_END => "`}`",
        SyntaxKind::TOKEN_R_PAREN => "`)`",
        SyntaxKind::TOKEN_THEN => "`then`",
        SyntaxKind::TOKEN_ELSE => "`else`",
        SyntaxKind::TOKEN_IN => "`in`",
        SyntaxKind::TOKEN_ELLIPSIS => "`...`",
        SyntaxKind::TOKEN_STRING_END => "the end of the string",
        SyntaxKind::TOKEN_IDENT => "a name",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::nix::NixFile;

    #[track_caller]
    fn check(text: &str, message: &str, at: &str) {
        let error = NixFile::parse(text).unwrap_err();
        assert_eq!(error.message, message);
        assert_eq!(&text[error.range], at);
    }

    #[test]
    fn a_missing_semicolon() {
        check("{ a = 1 }", "unexpected `}`, expected `;`", "}");
        check("{ a = 1\n  b = 2; }", "unexpected `=`, expected `;`", "=");
    }

    #[test]
    fn brackets_that_do_not_match() {
        check("{ a = [ 1 }", "`}` does not close the `[` of line 1", "}");
        check("{ a = ( 1;", "this `(` is never closed", "(");
        check("{ } }", "`}` closes nothing", "}");
    }

    #[test]
    fn strings_and_comments_that_do_not_end() {
        check("{ a = \"x; }", "this string is never closed", "\"");
        check("{ /* a", "this comment is never closed", "/*");
    }

    #[test]
    fn an_empty_file() {
        check("", "unexpected end of file", "");
        check("# only this\n", "unexpected end of file", "s");
    }

    #[test]
    fn characters_that_nix_does_not_know() {
        check("{ a\u{a0}= 1; }", "unexpected character U+00A0", "\u{a0}");
        check("\u{feff}{ }", "begins with a byte-order mark", "\u{feff}");
        check("{ a = ^; }", "unexpected `^`", "^");
    }

    #[test]
    fn a_carriage_return_ends_a_comment_for_nix_only() {
        check(
            "{ # a\rb = 1; }\n}",
            "a carriage return in a comment: Nix ends the comment there",
            "\r",
        );
        assert!(NixFile::parse("{ # a\r\n}\r\n").is_ok());
    }
}
