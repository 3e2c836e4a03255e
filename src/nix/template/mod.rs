//! Templates that are valid Nix themselves, so that they can be formatted,
//! linted and parsed like any module.
//!
//! A placeholder is `@name@`:
//!
//! * a whole string literal `"@name@"` gives way to the value as an expression,
//!   as an attribute name, or, as an item of a list, to all items of a list value;
//! * inside a longer string or a comment it gives way to text, escaped for the
//!   kind of string it stands in.
//!
//! Values stay data whatever they hold. No logic: a loop or a condition is
//! decided in Rust, by choosing a template or editing the result.

mod layout;
mod splice;
mod value;

use std::collections::BTreeSet;
use std::ops::Range;

use rnix::ast;
use rnix::{NodeOrToken, SyntaxKind, SyntaxNode, SyntaxToken};
use rowan::ast::AstNode;

use crate::nix::file::NixFile;
use crate::nix::literal::{Literal, attr_name};
use crate::nix::range::{bytes, range_of};
use crate::nix::template::layout::{expand_list, indented};
use crate::nix::template::splice::{placeholders, splice_comment, splice_string};
use crate::text::TextEdit;

pub use value::{TemplateError, Value};

/// Renders a template: every placeholder filled, every value used, the result
/// parsed again.
pub fn render(template: &str, values: &[(&str, Value)]) -> Result<String, TemplateError> {
    let rendered = expected(template, values)?;
    NixFile::parse(rendered.as_str())?;
    Ok(rendered)
}

/// What [`render`] gives, not parsed again: to compare a file with.
pub fn expected(template: &str, values: &[(&str, Value)]) -> Result<String, TemplateError> {
    let file = NixFile::parse(template)?;
    let mut rendering = Rendering {
        template,
        values,
        used: BTreeSet::new(),
    };
    let mut edit = TextEdit::empty();
    for element in file.syntax().descendants_with_tokens() {
        let patch = match element {
            NodeOrToken::Node(node) => rendering.string(&node)?,
            NodeOrToken::Token(token) if token.kind() == SyntaxKind::TOKEN_COMMENT => {
                rendering.comment(&token)?
            }
            NodeOrToken::Token(_) => TextEdit::empty(),
        };
        edit = edit.and(patch).map_err(|_| TemplateError::Crowded)?;
    }
    if let Some((unused, _)) = values
        .iter()
        .find(|(name, _)| !rendering.used.contains(name))
    {
        return Err(TemplateError::Unused((*unused).to_owned()));
    }
    Ok(edit.apply(template))
}

struct Rendering<'a> {
    template: &'a str,
    values: &'a [(&'a str, Value)],
    used: BTreeSet<&'a str>,
}

impl<'a> Rendering<'a> {
    fn value(&mut self, name: &str) -> Result<&'a Value, TemplateError> {
        let Some((name, value)) = self.values.iter().find(|(known, _)| *known == name) else {
            return Err(TemplateError::Unfilled(name.to_owned()));
        };
        self.used.insert(name);
        Ok(value)
    }

    fn text(&mut self, name: &str) -> Result<&'a str, TemplateError> {
        match self.value(name)? {
            Value::String(text) => Ok(text),
            _ => Err(kind(name, "a text")),
        }
    }

    fn string(&mut self, node: &SyntaxNode) -> Result<TextEdit, TemplateError> {
        let Some(string) = ast::Str::cast(node.clone()) else {
            return Ok(TextEdit::empty());
        };
        match whole_placeholder(&string) {
            Some(name) => self.whole(node, &name),
            None => self.parts(&string),
        }
    }

    /// A string literal that is nothing but a placeholder.
    fn whole(&mut self, node: &SyntaxNode, name: &str) -> Result<TextEdit, TemplateError> {
        let range = range_of(node);
        let parent = node.parent().map(|parent| parent.kind());
        if matches!(
            parent,
            Some(SyntaxKind::NODE_ATTRPATH | SyntaxKind::NODE_INHERIT)
        ) {
            return Ok(TextEdit::replace(range, attr_name(self.text(name)?)));
        }
        let literal = match self.value(name)? {
            Value::String(text) => Literal::string(text),
            Value::Path(path) => Literal::path(path),
            Value::Raw(literal) => literal.clone(),
            Value::List(items) if parent == Some(SyntaxKind::NODE_LIST) => {
                return Ok(expand_list(self.template, node, items));
            }
            Value::List(_) => return Err(kind(name, "one value")),
        };
        let text = indented(self.template, range.start, &literal);
        Ok(TextEdit::replace(range, text))
    }

    /// Placeholders inside a longer string.
    fn parts(&mut self, string: &ast::Str) -> Result<TextEdit, TemplateError> {
        let start = range_of(string.syntax()).start;
        let mut source = string.syntax().text().to_string();
        let mut edit = TextEdit::empty();
        // What was put in so far has moved the rest.
        let (mut longer, mut shorter) = (0, 0);
        for (range, name) in string_placeholders(string) {
            let place = range.start + longer - shorter..range.end + longer - shorter;
            let written = splice_string(&source, &place, self.text(&name)?)
                .ok_or(TemplateError::Unwritable(name))?;
            source.replace_range(place, &written);
            longer += written.len();
            shorter += range.len();
            let patch = TextEdit::replace(start + range.start..start + range.end, written);
            edit = edit.and(patch).expect("placeholders lie side by side");
        }
        Ok(edit)
    }

    /// Placeholders in a comment.
    fn comment(&mut self, comment: &SyntaxToken) -> Result<TextEdit, TemplateError> {
        let start = bytes(comment.text_range()).start;
        let mut edit = TextEdit::empty();
        for (range, name) in placeholders(comment.text()) {
            let written = splice_comment(comment.text(), self.text(name)?)
                .ok_or_else(|| TemplateError::Unwritable(name.to_owned()))?;
            let patch = TextEdit::replace(start + range.start..start + range.end, written);
            edit = edit.and(patch).expect("placeholders lie side by side");
        }
        Ok(edit)
    }
}

/// The placeholders in a string's own content, counted from where it begins.
fn string_placeholders(string: &ast::Str) -> Vec<(Range<usize>, String)> {
    let start = range_of(string.syntax()).start;
    string
        .syntax()
        .children_with_tokens()
        .filter_map(NodeOrToken::into_token)
        .filter(|token| token.kind() == SyntaxKind::TOKEN_STRING_CONTENT)
        .flat_map(|token| {
            let from = bytes(token.text_range()).start - start;
            let found = placeholders(token.text()).into_iter();
            let found =
                found.map(|(range, name)| (from + range.start..from + range.end, name.to_owned()));
            found.collect::<Vec<_>>()
        })
        .collect()
}

fn whole_placeholder(string: &ast::Str) -> Option<String> {
    let text = string.syntax().text().to_string();
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    match placeholders(inner).as_slice() {
        [(range, name)] if *range == (0..inner.len()) => Some((*name).to_owned()),
        _ => None,
    }
}

fn kind(name: &str, wanted: &'static str) -> TemplateError {
    TemplateError::Kind {
        name: name.to_owned(),
        wanted,
    }
}

#[cfg(test)]
mod tests;
