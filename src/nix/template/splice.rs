//! Text put into the middle of a string or a comment.

use std::ops::Range;

use rnix::ast::{self, InterpolPart};

use crate::nix::file::NixFile;
use crate::nix::layout;
use crate::nix::literal::{escape_indented, escape_string};

/// The placeholders `@name@` of a text, first one first.
///
/// A name begins with a letter and goes on with letters, digits and `-`, so that
/// `nix-ssh@@address@` holds `address` and a mail address nothing. An `@` behind
/// a backslash begins none.
pub(super) fn placeholders(text: &str) -> Vec<(Range<usize>, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('@').map(|ahead| at + ahead) {
        let rest = &text[start + 1..];
        let width = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
            .unwrap_or(rest.len());
        let is_name = rest.starts_with(|c: char| c.is_ascii_alphabetic());
        let is_escaped = text[..start].ends_with('\\');
        if is_name && !is_escaped && rest[width..].starts_with('@') {
            let end = start + width + 2;
            found.push((start..end, &rest[..width]));
            at = end;
        } else {
            at = start + 1;
        }
    }
    found
}

/// A text as part of a comment; `None` if it would end the comment.
pub(super) fn splice_comment(comment: &str, text: &str) -> Option<String> {
    let ends =
        text.contains(['\n', '\r']) || comment.starts_with("/*") && text.contains(['*', '/']);
    (!ends).then(|| text.to_owned())
}

/// A text as it is written at `place` of a string literal; `None` if the string
/// would then say something else.
///
/// Further lines of the text get the indentation of the placeholder's line.
pub(super) fn splice_string(source: &str, place: &Range<usize>, text: &str) -> Option<String> {
    let with = |written: &str| {
        format!(
            "{}{written}{}",
            &source[..place.start],
            &source[place.end..]
        )
    };
    let wanted = wanted(&with(MARK), text)?;
    [Edges::Plain, Edges::Escaped]
        .into_iter()
        .map(|edges| written(source, place.start, text, edges))
        .find(|written| says(&with(written)).as_ref() == Some(&wanted))
}

/// Stands for the text while the string's meaning is worked out. (Of a private
/// use area: no file holds it.)
const MARK: &str = "\u{f1a2}larder\u{f1a2}";

/// Whether a text's first and last character are escaped as well: `$` before
/// `{`, `'` beside `''` mean something only with their neighbours.
#[derive(Clone, Copy, PartialEq)]
enum Edges {
    Plain,
    Escaped,
}

fn written(source: &str, at: usize, text: &str, edges: Edges) -> String {
    if !source.starts_with("''") {
        return escaped(text, escape_string, "\\", edges);
    }
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| escaped(line, escape_indented, "''\\", edges))
        .collect();
    moved(&lines.join("\n"), layout::indent_of_line(source, at))
}

/// Every line but the first and the empty ones behind `indent`.
fn moved(text: &str, indent: &str) -> String {
    let lines: Vec<&str> = text.split('\n').collect();
    let behind = lines[1..].iter().map(|line| {
        let blanks = if line.is_empty() { "" } else { indent };
        format!("\n{blanks}{line}")
    });
    lines[..1]
        .iter()
        .map(|line| (*line).to_owned())
        .chain(behind)
        .collect()
}

fn escaped(text: &str, escape: fn(&str) -> String, escaper: &str, edges: Edges) -> String {
    let mut chars = text.chars();
    if edges == Edges::Plain {
        return escape(text);
    }
    let edge = |c: Option<char>| match c {
        Some(c @ ('\'' | '$' | '{')) => format!("{escaper}{c}"),
        Some(c) => escape(c.encode_utf8(&mut [0; 4])),
        None => String::new(),
    };
    let (first, last) = (chars.next(), chars.next_back());
    format!("{}{}{}", edge(first), escape(chars.as_str()), edge(last))
}

/// What the string says once the mark in it is the text.
fn wanted(marked: &str, text: &str) -> Option<Vec<Part>> {
    let mut parts = says(marked)?;
    for part in &mut parts {
        let Part::Text(said) = part else {
            continue;
        };
        if let Some(at) = said.find(MARK) {
            let in_place = if marked.starts_with("''") {
                moved(text, layout::indent_of_line(said, at))
            } else {
                text.to_owned()
            };
            *said = said.replace(MARK, &in_place);
        }
    }
    Some(parts)
}

#[derive(PartialEq)]
enum Part {
    Text(String),
    Code(String),
}

fn says(source: &str) -> Option<Vec<Part>> {
    let file = NixFile::parse(source).ok()?;
    let ast::Expr::Str(string) = file.expr() else {
        return None;
    };
    let parts = string.normalized_parts().into_iter();
    Some(
        parts
            .map(|part| match part {
                InterpolPart::Literal(text) => Part::Text(text),
                InterpolPart::Interpolation(code) => Part::Code(code.to_string()),
            })
            .collect(),
    )
}
