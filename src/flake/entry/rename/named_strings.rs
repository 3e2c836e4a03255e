//! The strings of a host's entry that are its name.

use rnix::{NodeOrToken, SyntaxKind, SyntaxNode, ast};
use rowan::ast::AstNode;

use crate::flake::entry::entry_text::EntryText;
use crate::flake::entry::siblings::Siblings;
use crate::flake::entry::specific::NAME_KEYS;
use crate::nix::{attr_name, range_of, static_name, static_string};
use crate::text::TextEdit;

/// What a string stands for in an entry.
#[derive(Debug, PartialEq, Eq)]
enum StringRole {
    /// It is the entry.
    Whole,
    /// An argument of a function.
    Argument,
    /// The value of this attribute.
    Value(String),
    /// An item of a list, or a part of something that is computed.
    Other,
}

/// The edit that gives the new name to each string of the entry that is the host's name:
/// by what it stands for, unless the others have the same word there.
pub(super) fn edit(siblings: &Siblings<'_>, node: &SyntaxNode, new: &str) -> TextEdit {
    let old = &siblings.host.name;
    let own = strings(node).filter(|(text, _)| text == old);
    let own = own.filter(|(_, string)| is_name(siblings, node, string));
    let edits = own.filter_map(|(_, string)| string_edit(&string, new));
    edits.fold(TextEdit::empty(), |all, one| {
        all.clone().and(one).unwrap_or(all)
    })
}

fn is_name(siblings: &Siblings<'_>, entry: &SyntaxNode, string: &ast::Str) -> bool {
    let old = &siblings.host.name;
    let role = role(entry, string);
    let has_own = |other: &EntryText| {
        let mut nodes = other.nodes.iter();
        nodes.any(|node| {
            strings(node)
                .any(|(text, string)| text == other.host && self::role(node, &string) == role)
        })
    };
    let is_usual = siblings.others.is_empty() || siblings.others.iter().any(has_own);
    match &role {
        StringRole::Whole => true,
        StringRole::Value(key) if key == "hostName" => true,
        StringRole::Value(key) => is_usual && NAME_KEYS.contains(&key.as_str()),
        StringRole::Argument => is_usual && !siblings.is_common_word(old),
        StringRole::Other => false,
    }
}

fn role(entry: &SyntaxNode, string: &ast::Str) -> StringRole {
    let node = string.syntax();
    if node == entry {
        return StringRole::Whole;
    }
    let mut around = node.ancestors().skip(1);
    let holder = around.find(|node| !ast::Paren::can_cast(node.kind()));
    let Some(holder) = holder else {
        return StringRole::Other;
    };
    if ast::Apply::can_cast(holder.kind()) {
        return StringRole::Argument;
    }
    let binding = ast::AttrpathValue::cast(holder);
    let key = binding.and_then(|binding| static_name(&binding.attrpath()?.attrs().last()?));
    key.map_or(StringRole::Other, StringRole::Value)
}

fn strings(node: &SyntaxNode) -> impl Iterator<Item = (String, ast::Str)> + use<> {
    let strings = node.descendants().filter_map(ast::Str::cast);
    strings.filter_map(|string| Some((static_string(&string)?, string)))
}

/// Another text in the same quotes.
pub(super) fn string_edit(string: &ast::Str, new: &str) -> Option<TextEdit> {
    let tokens = string.syntax().children_with_tokens();
    let mut content = tokens
        .filter_map(NodeOrToken::into_token)
        .filter(|token| token.kind() == SyntaxKind::TOKEN_STRING_CONTENT);
    let (only, None) = (content.next()?, content.next()) else {
        return None;
    };
    let range = only.text_range();
    Some(TextEdit::replace(
        range.start().into()..range.end().into(),
        new,
    ))
}

/// Another name in the same quotes.
pub(super) fn attr_edit(attr: &ast::Attr, new: &str) -> Option<TextEdit> {
    match attr {
        ast::Attr::Str(string) => string_edit(string, new),
        ast::Attr::Ident(ident) => {
            Some(TextEdit::replace(range_of(ident.syntax()), attr_name(new)))
        }
        ast::Attr::Dynamic(dynamic) => match dynamic.expr()? {
            ast::Expr::Str(string) => string_edit(&string, new),
            _ => None,
        },
    }
}
